import type { Sender } from '../sender.ts'

export const opsgenieWebhook: Sender = {
  name: 'Opsgenie webhook',
  configuration: ({ url }) => [
    {
      file: 'Settings → Integrations → Webhook',
      language: 'text',
      text: `Webhook URL: ${url}
Add alert description and details to the payload: on
`,
    },
  ],
}
