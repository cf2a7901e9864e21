import type { Sender } from '../sender.ts'

export const honeybadger: Sender = {
  name: 'Honeybadger',
  proof: 'token',
  configuration: ({ url }) => [
    {
      file: 'Project settings → Alerts & integrations → WebHook',
      language: 'text',
      text: `URL: ${url}
`,
    },
  ],
}
