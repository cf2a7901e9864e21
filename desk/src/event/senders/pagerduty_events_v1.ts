import type { Sender } from '../sender.ts'

export const pagerdutyEventsV1: Sender = {
  name: 'PagerDuty Events API v1',
  configuration: ({ scheme, host }) => [
    {
      file: 'The sender’s PagerDuty settings',
      language: 'text',
      text: `Service API URL: ${scheme}://${host}/generic/2010-04-15/create_event.json
Service key: <key>
`,
    },
  ],
}
