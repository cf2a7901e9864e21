import type { Sender } from '../sender.ts'

export const cronitor: Sender = {
  name: 'Cronitor',
  configuration: ({ url }) => [
    {
      file: 'Settings → Integrations → Webhook',
      language: 'text',
      text: `URL: ${url}
`,
    },
  ],
}
