import type { Sender } from '../sender.ts'

export const pagerdutyWebhooksV1: Sender = {
  name: 'PagerDuty webhooks v1',
  configuration: ({ url }) => [
    {
      file: 'Extensions → Generic V1 or V2 Webhook',
      language: 'text',
      text: `URL: ${url}
`,
    },
  ],
}
