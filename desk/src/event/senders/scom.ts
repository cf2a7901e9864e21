import type { Sender } from '../sender.ts'

export const scom: Sender = {
  name: 'System Center Operations Manager',
  configuration: ({ url }) => [
    {
      file: 'Administration → Notifications → Command channel, script',
      language: 'text',
      text: `$body = @{
  alertId = $alert.Id; alertName = $alert.Name; alertDescription = $alert.Description
  severity = [int]$alert.Severity; resolutionState = $alert.ResolutionState
  netbiosComputerName = $alert.NetbiosComputerName; monitoringObjectDisplayName = $alert.MonitoringObjectDisplayName
  timeRaised = $alert.TimeRaised.ToString('o')
}
if ($alert.TimeResolved) { $body.timeResolved = $alert.TimeResolved.ToString('o') }
Invoke-RestMethod -Method Post -Uri ${url} -ContentType 'application/json' -Body ($body | ConvertTo-Json)
`,
    },
  ],
}
