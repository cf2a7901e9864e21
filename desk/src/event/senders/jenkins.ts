import type { Sender } from '../sender.ts'

export const jenkins: Sender = {
  name: 'Jenkins',
  configuration: ({ url }) => [
    {
      file: 'Job Notifications (Notification plugin)',
      language: 'text',
      text: `Format: JSON
Protocol: HTTP
Event: Job Finalized
URL: ${url}
`,
    },
  ],
}
