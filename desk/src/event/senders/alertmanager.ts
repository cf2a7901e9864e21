import type { Sender } from '../sender.ts'

export const alertmanager: Sender = {
  name: 'Prometheus Alertmanager',
  configuration: ({ url }) => [
    {
      file: 'alertmanager.yml',
      language: 'yaml',
      text: `route:
  receiver: tocsin
  group_by: [alertname, service]
receivers:
  - name: tocsin
    webhook_configs:
      - url: ${url}
        send_resolved: true
`,
    },
  ],
}
