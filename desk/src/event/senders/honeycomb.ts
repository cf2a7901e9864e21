import type { Sender } from '../sender.ts'

export const honeycomb: Sender = {
  name: 'Honeycomb',
  proof: 'token',
  configuration: ({ url }) => [
    {
      file: 'Team Settings › Integrations › Trigger and SLO recipients › Webhook',
      language: 'text',
      text: `Name: Tocsin
Webhook URL: ${url}
`,
    },
  ],
}
