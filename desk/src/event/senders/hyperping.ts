import type { Sender } from '../sender.ts'

export const hyperping: Sender = {
  name: 'Hyperping',
  configuration: ({ url }) => [
    {
      file: 'Project settings → Integrations → Webhook',
      language: 'text',
      text: `URL: ${url}
`,
    },
  ],
}
