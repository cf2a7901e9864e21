import type { Sender } from '../sender.ts'

export const site24x7: Sender = {
  name: 'Site24x7',
  configuration: ({ url }) => [
    {
      file: 'Admin → Third-party integrations → Webhooks',
      language: 'text',
      text: `URL: ${url}
Method: POST
Send as JSON: yes
Custom parameters: {"MONITOR_ID": "$MONITOR_ID", "MONITORNAME": "$MONITORNAME", "STATUS": "$STATUS", "MONITORURL": "$MONITORURL", "INCIDENT_REASON": "$INCIDENT_REASON", "INCIDENT_TIME_ISO": "$INCIDENT_TIME_ISO", "MONITOR_DASHBOARD_LINK": "$MONITOR_DASHBOARD_LINK"}
`,
    },
  ],
}
