import type { Sender } from '../sender.ts'

export const rollbar: Sender = {
  name: 'Rollbar',
  configuration: ({ url }) => [
    {
      file: 'Settings → Notifications → Webhook',
      language: 'text',
      text: `URL: ${url}
`,
    },
  ],
}
