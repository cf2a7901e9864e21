import type { Sender } from '../sender.ts'

export const grafanaOncall: Sender = {
  name: 'Grafana OnCall',
  configuration: ({ url }) => [
    {
      file: 'Sender of a formatted webhook',
      language: 'sh',
      text: `curl ${url} -H 'Content-Type: application/json' \\
  -d '{"alert_uid": "agents/disk", "title": "The build agents run out of disk", "state": "alerting", "message": "3 GB are left"}'
`,
    },
  ],
}
