import type { Sender } from '../sender.ts'

export const statuscake: Sender = {
  name: 'StatusCake',
  proof: 'token',
  configuration: ({ url }) => [
    {
      file: 'Alerting → Contact groups → Webhook URL',
      language: 'text',
      text: `${url}
Method: HTTP POST
`,
    },
  ],
}
