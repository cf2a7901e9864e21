import type { Sender } from '../sender.ts'

export const prometheus: Sender = {
  name: 'Prometheus',
  configuration: ({ url, scheme, host }) => [
    {
      file: 'prometheus.yml',
      language: 'yaml',
      text: `alerting:
  alertmanagers:
    - scheme: ${scheme}
      api_version: v2
      path_prefix: ${url.slice(url.indexOf(host) + host.length)}
      static_configs:
        - targets: ['${host}']
`,
    },
    {
      file: 'A rule that fires at once, to see that the way is open',
      language: 'yaml',
      text: `groups:
  - name: tocsin
    rules:
      - alert: TocsinHearsUs
        expr: vector(1)
        labels: { severity: info }
`,
    },
  ],
}
