import type { Sender } from '../sender.ts'

export const statusgator: Sender = {
  name: 'StatusGator',
  configuration: ({ url }) => [
    {
      file: 'Integrations → Webhooks',
      language: 'text',
      text: `URL: ${url}
`,
    },
  ],
}
