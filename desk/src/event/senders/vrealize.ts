import type { Sender } from '../sender.ts'

export const vrealize: Sender = {
  name: 'vRealize (Aria) Operations',
  configuration: ({ url }) => [
    {
      file: 'Alerts → Outbound settings → Rest Notification Plugin',
      language: 'text',
      text: `Url: ${url}
Content type: application/json
`,
    },
  ],
}
