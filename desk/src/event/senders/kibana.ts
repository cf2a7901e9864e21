import type { Sender } from '../sender.ts'

export const kibana: Sender = {
  name: 'Kibana',
  configuration: ({ url }) => [
    {
      file: 'Stack Management › Connectors › Webhook',
      language: 'text',
      text: `Method: POST
URL: ${url}
Header: Content-Type: application/json
`,
    },
    {
      file: 'Rule › Actions › Webhook (once for its alerts, once for “Recovered”)',
      language: 'json',
      text: `{
  "rule": { "id": "{{rule.id}}", "name": "{{rule.name}}", "type": "{{rule.type}}", "url": "{{rule.url}}" },
  "alert": {
    "id": "{{alert.id}}",
    "uuid": "{{alert.uuid}}",
    "actionGroup": "{{alert.actionGroup}}",
    "actionGroupName": "{{alert.actionGroupName}}"
  },
  "date": "{{date}}",
  "context": { "reason": "{{context.reason}}", "group": "{{context.group}}" }
}
`,
    },
  ],
}
