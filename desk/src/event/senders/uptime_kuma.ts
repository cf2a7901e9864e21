import type { Sender } from '../sender.ts'

export const uptimeKuma: Sender = {
  name: 'Uptime Kuma',
  configuration: ({ url }) => [
    {
      file: 'Settings → Notifications → Webhook',
      language: 'text',
      text: `Post URL: ${url}
Method: POST
Request body: Preset - application/json
`,
    },
  ],
}
