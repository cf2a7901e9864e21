import type { Sender } from '../sender.ts'

export const splunkObservability: Sender = {
  name: 'Splunk Observability',
  proof: 'signature',
  configuration: ({ url }) => [
    {
      file: 'Data Management › Available integrations › Webhook',
      language: 'text',
      text: `Name: Tocsin
URL: ${url}
Shared secret: a word of yours, also set here
`,
    },
  ],
}
