import type { Sender } from '../sender.ts'

export const solarwinds: Sender = {
  name: 'SolarWinds',
  configuration: ({ url }) => [
    {
      file: 'Alert → Trigger action → Send a GET or POST request',
      language: 'text',
      text: `URL: ${url}
Method: POST
Body: {"ActionType": "Create", "AlertID": "\${N=Alerting;M=AlertID}", "AlertMessage": "\${N=Alerting;M=AlertMessage}", "NodeName": "\${N=SwisEntity;M=Caption}", "Severity": "\${N=Alerting;M=Severity}"}
`,
    },
  ],
}
