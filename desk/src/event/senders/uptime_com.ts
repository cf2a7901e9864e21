import type { Sender } from '../sender.ts'

export const uptimeCom: Sender = {
  name: 'Uptime.com',
  configuration: ({ url }) => [
    {
      file: 'Notifications → Integrations → Custom Postback URL (Webhook)',
      language: 'text',
      text: `URL to post to: ${url}
`,
    },
  ],
}
