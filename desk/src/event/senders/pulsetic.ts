import type { Sender } from '../sender.ts'

export const pulsetic: Sender = {
  name: 'Pulsetic',
  configuration: ({ url }) => [
    {
      file: 'Integrations → Webhooks',
      language: 'text',
      text: `URL: ${url}
`,
    },
  ],
}
