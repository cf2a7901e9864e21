import type { Sender } from '../sender.ts'

export const skywalking: Sender = {
  name: 'Apache SkyWalking',
  configuration: ({ url }) => [
    {
      file: 'config/alarm-settings.yml',
      language: 'yaml',
      text: `hooks:
  webhook:
    default:
      is-default: true
      urls:
        - ${url}
      recovery-urls:
        - ${url}
`,
    },
  ],
}
