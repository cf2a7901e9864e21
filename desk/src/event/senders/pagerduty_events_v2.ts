import type { Sender } from '../sender.ts'

export const pagerdutyEventsV2: Sender = {
  name: 'PagerDuty Events API v2',
  configuration: ({ scheme, host }) => [
    {
      file: 'The sender’s PagerDuty settings',
      language: 'text',
      text: `Events API URL: ${scheme}://${host}/v2/enqueue
Integration key (routing key): <key>
${scheme === 'http' ? 'Senders that speak https alone, as PagerDuty’s own clients do, need this door behind TLS.\n' : ''}`,
    },
    {
      file: 'alertmanager.yml',
      language: 'yaml',
      text: `receivers:
  - name: tocsin
    pagerduty_configs:
      - url: ${scheme}://${host}/v2/enqueue
        routing_key: <key>
`,
    },
    {
      file: 'A change',
      language: 'sh',
      text: `curl -X POST ${scheme}://${host}/v2/change/enqueue \\
  -H 'Content-Type: application/json' \\
  -d '{"routing_key": "<key>", "payload": {"summary": "Billing 4.2 is live", "source": "deploy"}}'
`,
    },
  ],
}
