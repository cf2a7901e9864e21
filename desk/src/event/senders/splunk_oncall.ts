import type { Sender } from '../sender.ts'

export const splunkOncall: Sender = {
  name: 'Splunk On-Call',
  configuration: ({ scheme, host }) => [
    {
      file: 'The sender’s Splunk On-Call (VictorOps) settings',
      language: 'text',
      text: `REST endpoint: ${scheme}://${host}/integrations/generic/20131114/alert/<key>/<routing key>
`,
    },
    {
      file: 'critical',
      language: 'sh',
      text: `curl -X POST ${scheme}://${host}/integrations/generic/20131114/alert/<key>/billing \\
  -H 'Content-Type: application/json' \\
  -d '{"message_type": "CRITICAL", "entity_id": "backup/billing", "entity_display_name": "The backup of billing failed"}'
`,
    },
  ],
}
