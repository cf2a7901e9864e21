import type { Sender } from '../sender.ts'

export const falco: Sender = {
  name: 'Falco',
  configuration: ({ url }) => [
    {
      file: 'falco.yaml',
      language: 'yaml',
      text: `json_output: true
http_output:
  enabled: true
  url: ${url}
`,
    },
    {
      file: 'falcosidekick.yaml',
      language: 'yaml',
      text: `webhook:
  address: ${url}
  minimumpriority: warning
`,
    },
  ],
}
