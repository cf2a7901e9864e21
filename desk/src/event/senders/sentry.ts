import type { Sender } from '../sender.ts'

export const sentry: Sender = {
  name: 'Sentry',
  proof: 'signature',
  configuration: ({ url }) => [
    {
      file: 'Settings › Developer Settings › Custom Integrations',
      language: 'text',
      text: `Webhook URL: ${url}
Alert Rule Action: on
Permissions: Issue & Event: Read
Webhooks: issue
`,
    },
  ],
}
