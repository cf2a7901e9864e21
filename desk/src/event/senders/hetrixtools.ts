import type { Sender } from '../sender.ts'

export const hetrixtools: Sender = {
  name: 'HetrixTools',
  configuration: ({ url }) => [
    {
      file: 'Contact lists → Webhook',
      language: 'text',
      text: `Webhook URL: ${url}
`,
    },
  ],
}
