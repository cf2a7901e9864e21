import type { Sender } from '../sender.ts'

export const pingdom: Sender = {
  name: 'Pingdom',
  configuration: ({ url }) => [
    {
      file: 'Integrations → Webhook',
      language: 'text',
      text: `URL: ${url}
`,
    },
  ],
}
