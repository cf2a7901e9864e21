import type { Sender } from '../sender.ts'

export const huaweiCes: Sender = {
  name: 'Huawei Cloud Eye (SMN)',
  configuration: ({ url }) => [
    {
      file: 'Simple Message Notification → Topics → Add Subscription',
      language: 'text',
      text: `Protocol: HTTPS
Endpoint: ${url}
`,
    },
  ],
}
