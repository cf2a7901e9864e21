import type { Sender } from '../sender.ts'

export const cloudflare: Sender = {
  name: 'Cloudflare',
  proof: 'token',
  configuration: ({ url }) => [
    {
      file: 'Notifications › Destinations › Webhooks › Create',
      language: 'text',
      text: `Name: Tocsin
URL: ${url}
`,
    },
  ],
}
