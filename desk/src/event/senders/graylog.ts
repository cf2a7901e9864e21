import type { Sender } from '../sender.ts'

export const graylog: Sender = {
  name: 'Graylog',
  configuration: ({ url }) => [
    {
      file: 'Alerts → Notifications → HTTP Notification',
      language: 'text',
      text: `URL: ${url}
`,
    },
  ],
}
