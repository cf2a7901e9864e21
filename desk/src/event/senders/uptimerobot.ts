import type { Sender } from '../sender.ts'

export const uptimerobot: Sender = {
  name: 'UptimeRobot',
  configuration: ({ url }) => [
    {
      file: 'Integrations → Webhook',
      language: 'text',
      text: `URL to notify: ${url}?
Send as POST parameters: on
`,
    },
    {
      file: 'POST value (JSON)',
      language: 'json',
      text: `{
  "monitorID": "*monitorID*",
  "monitorURL": "*monitorURL*",
  "monitorFriendlyName": "*monitorFriendlyName*",
  "alertType": "*alertType*",
  "alertTypeFriendlyName": "*alertTypeFriendlyName*",
  "alertDetails": "*alertDetails*",
  "alertDateTime": "*alertDateTime*"
}
`,
    },
  ],
}
