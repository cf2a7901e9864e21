import type { Sender } from '../sender.ts'

export const goalertGeneric: Sender = {
  name: 'GoAlert generic API',
  configuration: ({ scheme, host }) => [
    {
      file: 'trigger',
      language: 'sh',
      text: `curl -X POST '${scheme}://${host}/api/v2/generic/incoming?token=<key>' \\
  -d 'summary=The backup of billing failed' -d 'details=exit code 2' -d 'dedup=backup/billing'
`,
    },
    {
      file: 'close',
      language: 'sh',
      text: `curl -X POST '${scheme}://${host}/api/v2/generic/incoming?token=<key>' \\
  -d 'summary=The backup of billing failed' -d 'dedup=backup/billing' -d 'action=close'
`,
    },
  ],
}
