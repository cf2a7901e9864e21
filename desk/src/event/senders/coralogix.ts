import type { Sender } from '../sender.ts'

export const coralogix: Sender = {
  name: 'Coralogix',
  configuration: ({ url }) => [
    {
      file: 'Data Flow → Outbound Webhooks → Generic webhook',
      language: 'text',
      text: `URL: ${url}
Method: POST
Body: as offered; a field {"key": "alertUniqueIdentifier", "value": "$ALERT_UNIQUE_IDENTIFIER"} beside the others
`,
    },
  ],
}
