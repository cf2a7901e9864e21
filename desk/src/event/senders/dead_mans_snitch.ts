import type { Sender } from '../sender.ts'

export const deadMansSnitch: Sender = {
  name: 'Dead Man’s Snitch',
  configuration: ({ url }) => [
    {
      file: 'Integrations → Webhook',
      language: 'text',
      text: `Webhook URL: ${url}
`,
    },
  ],
}
