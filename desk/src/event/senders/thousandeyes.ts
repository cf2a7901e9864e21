import type { Sender } from '../sender.ts'

export const thousandeyes: Sender = {
  name: 'ThousandEyes',
  configuration: ({ url }) => [
    {
      file: 'Alerts → Notifications → Webhook',
      language: 'text',
      text: `URL: ${url}
Auth Type: None
`,
    },
  ],
}
