import type { Sender } from '../sender.ts'

export const pagerdutyWebhooksV3: Sender = {
  name: 'PagerDuty webhooks v3',
  proof: 'signature',
  configuration: ({ url }) => [
    {
      file: 'Integrations → Generic Webhooks (v3)',
      language: 'text',
      text: `Webhook URL: ${url}
Event subscription: incident.triggered, incident.acknowledged, incident.unacknowledged, incident.reopened, incident.resolved
Signing secret: put it into this integration once PagerDuty has shown it
`,
    },
  ],
}
