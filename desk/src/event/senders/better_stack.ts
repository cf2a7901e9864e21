import type { Sender } from '../sender.ts'

export const betterStack: Sender = {
  name: 'Better Stack',
  configuration: ({ url }) => [
    {
      file: 'Integrations → Exporting data → Outgoing webhook',
      language: 'text',
      text: `URL: ${url}
Send incident webhooks: started, acknowledged, resolved
`,
    },
  ],
}
