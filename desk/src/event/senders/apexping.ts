import type { Sender } from '../sender.ts'

export const apexping: Sender = {
  name: 'ApexPing',
  configuration: ({ url }) => [
    {
      file: 'Account settings → Integrations → Webhook',
      language: 'text',
      text: `URL: ${url}
`,
    },
  ],
}
