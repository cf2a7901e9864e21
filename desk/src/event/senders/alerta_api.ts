import type { Sender } from '../sender.ts'

export const alertaApi: Sender = {
  name: 'Alerta API',
  configuration: ({ url }) => [
    {
      file: 'Sender of Alerta’s API',
      language: 'text',
      text: `Endpoint: ${url}
Key: <key>
`,
    },
  ],
}
