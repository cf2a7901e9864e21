import type { Sender } from '../sender.ts'

export const gitlab: Sender = {
  name: 'GitLab',
  proof: 'token',
  configuration: ({ url, keyless }) => [
    {
      file: 'Settings › Webhooks › Add new webhook',
      language: 'text',
      text: `URL: ${url}
Trigger: Pipeline events
`,
    },
    {
      file: 'HTTP endpoint of alerts',
      language: 'sh',
      text: `curl -X POST ${keyless} -H 'Authorization: Bearer <key>' -H 'Content-Type: application/json' \\
  -d '{"title": "Queue of billing grows", "severity": "high", "fingerprint": "billing-queue", "service": "billing"}'
`,
    },
  ],
}
