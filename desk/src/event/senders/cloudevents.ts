import type { Sender } from '../sender.ts'

export const cloudevents: Sender = {
  name: 'CloudEvents',
  configuration: ({ url }) => [
    {
      file: 'structured',
      language: 'sh',
      text: `curl -X POST ${url} -H 'Content-Type: application/cloudevents+json' \\
  -d '{"specversion": "1.0", "type": "com.example.alert.firing", "source": "/monitors/eu-1", "id": "1",
       "subject": "billing/queue", "data": {"alert_id": "billing-queue", "severity": "critical", "summary": "The queue grows"}}'
`,
    },
    {
      file: 'Knative Trigger',
      language: 'yaml',
      text: `apiVersion: eventing.knative.dev/v1
kind: Trigger
metadata:
  name: tocsin
spec:
  broker: default
  subscriber:
    uri: ${url}
`,
    },
  ],
}
