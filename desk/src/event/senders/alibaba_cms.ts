import type { Sender } from '../sender.ts'

export const alibabaCms: Sender = {
  name: 'Alibaba CloudMonitor',
  configuration: ({ url }) => [
    {
      file: 'Alert contacts or notification objects → Webhook',
      language: 'text',
      text: `URL: ${url}
`,
    },
  ],
}
