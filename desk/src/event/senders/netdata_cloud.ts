import type { Sender } from '../sender.ts'

export const netdataCloud: Sender = {
  name: 'Netdata Cloud',
  proof: 'token',
  configuration: ({ url }) => [
    {
      file: 'Space settings → Alerts & Notifications → Webhook',
      language: 'text',
      text: `Webhook URL: ${url}
Authentication: Mutual TLS
`,
    },
  ],
}
