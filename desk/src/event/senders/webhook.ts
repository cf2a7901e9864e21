import type { Sender } from '../sender.ts'

export const webhook: Sender = {
  name: 'Generic webhook',
  configuration: ({ url, keyless }) => [
    {
      file: 'Webhook',
      language: 'http',
      text: `POST ${url}\nContent-Type: application/json\n`,
    },
    {
      file: 'Webhook, Authorization',
      language: 'http',
      text: `POST ${keyless}\nAuthorization: Bearer <key>\nContent-Type: application/json\n`,
    },
    {
      file: 'curl',
      language: 'sh',
      text: `curl -X POST ${url} -H 'Content-Type: application/json' \\
  -d '{"id": "pump-7", "status": "firing", "severity": "high", "message": "Pump 7 runs dry", "host": "plant-2"}'
`,
    },
  ],
}
