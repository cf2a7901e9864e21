import type { Sender } from '../sender.ts'

export const grafana: Sender = {
  name: 'Grafana',
  proof: 'signature',
  configuration: ({ url }) => [
    {
      file: 'Alerting → Contact points → Webhook',
      language: 'text',
      text: `URL: ${url}
HTTP Method: POST
`,
    },
    {
      file: '/etc/grafana/provisioning/alerting/tocsin.yaml',
      language: 'yaml',
      text: `apiVersion: 1
contactPoints:
  - orgId: 1
    name: tocsin
    receivers:
      - uid: tocsin
        type: webhook
        settings:
          url: ${url}
          httpMethod: POST
`,
    },
  ],
}
