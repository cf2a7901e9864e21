import type { Sender } from '../sender.ts'

export const mongodbAtlas: Sender = {
  name: 'MongoDB Atlas',
  proof: 'signature',
  configuration: ({ url }) => [
    {
      file: 'Project settings → Integrations → Webhook Settings',
      language: 'text',
      text: `URL: ${url}
Secret: a word of your own, entered here, too
`,
    },
  ],
}
