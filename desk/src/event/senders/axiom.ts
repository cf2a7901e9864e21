import type { Sender } from '../sender.ts'

export const axiom: Sender = {
  name: 'Axiom',
  configuration: ({ url }) => [
    {
      file: 'Monitors → Manage notifiers → Custom webhook',
      language: 'text',
      text: `Webhook URL: ${url}
`,
    },
  ],
}
