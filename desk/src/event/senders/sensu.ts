import type { Sender } from '../sender.ts'

export const sensu: Sender = {
  name: 'Sensu',
  configuration: ({ url }) => [
    {
      file: 'handler.yaml',
      language: 'yaml',
      text: `type: Handler
api_version: core/v2
metadata:
  name: tocsin
spec:
  type: pipe
  command: curl -fsS -m 10 ${url} -H 'Content-Type: application/json' --data-binary @-
  filters:
    - is_incident
    - not_silenced
`,
    },
  ],
}
