import type { Sender } from '../sender.ts'

export const healthchecks: Sender = {
  name: 'Healthchecks',
  configuration: ({ url }) => [
    {
      file: 'Integrations → Webhook, execute when a check goes down',
      language: 'text',
      text: `GET ${url}?status=down&check=$CODE&name=$NAME&tags=$TAGS
`,
    },
    {
      file: 'Integrations → Webhook, execute when a check goes up',
      language: 'text',
      text: `GET ${url}?status=up&check=$CODE&name=$NAME&tags=$TAGS
`,
    },
  ],
}
