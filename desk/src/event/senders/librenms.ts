import type { Sender } from '../sender.ts'

export const librenms: Sender = {
  name: 'LibreNMS',
  configuration: ({ url }) => [
    {
      file: 'Alerts → Alert transports → API',
      language: 'text',
      text: `API Method: POST
API URL: ${url}
Body: {"device_id":"{{ $device_id }}","hostname":"{{ $hostname }}","rule_id":"{{ $rule_id }}","name":"{{ $name }}","state":"{{ $state }}","severity":"{{ $severity }}","timestamp":"{{ $timestamp }}"}
`,
    },
  ],
}
