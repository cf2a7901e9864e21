import type { Sender } from '../sender.ts'

export const opsgenieApi: Sender = {
  name: 'Opsgenie Alert API',
  configuration: ({ scheme, host }) => [
    {
      file: 'The sender’s Opsgenie settings',
      language: 'text',
      text: `API URL: ${scheme}://${host}
API key: <key>
`,
    },
    {
      file: 'create',
      language: 'sh',
      text: `curl -X POST ${scheme}://${host}/v2/alerts \\
  -H 'Authorization: GenieKey <key>' -H 'Content-Type: application/json' \\
  -d '{"message": "The backup of billing failed", "alias": "backup/billing", "priority": "P2"}'
`,
    },
  ],
}
