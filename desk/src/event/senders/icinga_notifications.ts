import type { Sender } from '../sender.ts'

export const icingaNotifications: Sender = {
  name: 'Icinga Notifications',
  configuration: ({ scheme, host }) => [
    {
      file: 'Source of Icinga Notifications',
      language: 'text',
      text: `URL: ${scheme}://${host}/process-event
Username: tocsin
Password: <key>
`,
    },
  ],
}
