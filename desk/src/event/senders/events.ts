import type { Sender } from '../sender.ts'

export const events: Sender = {
  name: 'Tocsin events',
  configuration: ({ url }) => [
    {
      file: 'trigger',
      language: 'sh',
      text: `curl -X POST ${url} \\
  -H 'Content-Type: application/json' \\
  -d '{"kind": "trigger", "dedup_key": "backup/billing", "severity": "error", "title": "The backup of billing failed", "service": "billing"}'
`,
    },
    {
      file: 'resolve',
      language: 'sh',
      text: `curl -X POST ${url} \\
  -H 'Content-Type: application/json' \\
  -d '{"kind": "resolve", "dedup_key": "backup/billing"}'
`,
    },
  ],
}
