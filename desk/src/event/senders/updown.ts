import type { Sender } from '../sender.ts'

export const updown: Sender = {
  name: 'updown.io',
  configuration: ({ url }) => [
    {
      file: 'Settings → Webhooks',
      language: 'text',
      text: `URL: ${url}
`,
    },
  ],
}
