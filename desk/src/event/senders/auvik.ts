import type { Sender } from '../sender.ts'

export const auvik: Sender = {
  name: 'Auvik',
  configuration: ({ url }) => [
    {
      file: 'Settings → Notification Channels → Webhook',
      language: 'text',
      text: `URL: ${url}
`,
    },
  ],
}
