import type { Sender } from '../sender.ts'

export const circleci: Sender = {
  name: 'CircleCI',
  proof: 'signature',
  configuration: ({ url }) => [
    {
      file: 'Project Settings › Webhooks › Add Webhook',
      language: 'text',
      text: `Receiver URL: ${url}
Events: Workflow Completed
`,
    },
  ],
}
