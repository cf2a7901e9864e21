import type { Sender } from '../sender.ts'

export const splunk: Sender = {
  name: 'Splunk',
  configuration: ({ url }) => [
    {
      file: 'savedsearches.conf',
      language: 'ini',
      text: `[Payments rejected]
action.webhook = 1
action.webhook.param.url = ${url}
`,
    },
  ],
}
