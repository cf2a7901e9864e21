import type { Sender } from '../sender.ts'

const PARAMETERS = {
  event_id: '{EVENT.ID}',
  event_value: '{EVENT.VALUE}',
  event_update_status: '{EVENT.UPDATE.STATUS}',
  event_update_action: '{EVENT.UPDATE.ACTION}',
  event_source: '{EVENT.SOURCE}',
  event_name: '{EVENT.NAME}',
  event_severity: '{EVENT.SEVERITY}',
  event_date: '{EVENT.DATE}',
  event_time: '{EVENT.TIME}',
  event_recovery_date: '{EVENT.RECOVERY.DATE}',
  event_recovery_time: '{EVENT.RECOVERY.TIME}',
  event_tags: '{EVENT.TAGSJSON}',
  event_opdata: '{EVENT.OPDATA}',
  trigger_id: '{TRIGGER.ID}',
  host_name: '{HOST.NAME}',
  host_ip: '{HOST.IP}',
  alert_message: '{ALERT.MESSAGE}',
}

const SCRIPT = `var fields = JSON.parse(value), request = new HttpRequest();
var url = fields.url;
delete fields.url;
request.addHeader('Content-Type: application/json');
request.post(url, JSON.stringify(fields));
if (request.getStatus() !== 200) { throw 'Tocsin answered ' + request.getStatus(); }
return 'OK';
`

/** As Zabbix 6 exports one; later versions import it as well. Without a message for each it would send nothing. */
const mediaType = (parameters: [name: string, value: string][]) => `zabbix_export:
  version: '6.0'
  date: '2026-01-01T00:00:00Z'
  media_types:
    - name: Tocsin
      type: WEBHOOK
      parameters:
${parameters.map(([name, value]) => `        - name: ${name}\n          value: '${value}'\n`).join('')}      script: |
${SCRIPT.replaceAll(/^(?=.)/gm, '        ')}      message_templates:
${['PROBLEM', 'RECOVERY', 'UPDATE']
  .map(
    (mode) => `        - event_source: TRIGGERS
          operation_mode: ${mode}
          subject: '{EVENT.NAME}'
          message: '{TRIGGER.DESCRIPTION}'
`,
  )
  .join('')}`

export const zabbix: Sender = {
  name: 'Zabbix',
  configuration: ({ url }) => {
    const parameters = Object.entries({ url, ...PARAMETERS })
    return [
      {
        file: 'tocsin.yaml (Alerts → Media types → Import)',
        language: 'yaml',
        text: mediaType(parameters),
      },
      {
        file: 'Who sends',
        language: 'text',
        text: `Users → Users → a user → Media → Add: Type Tocsin, Send to tocsin
Alerts → Actions → Trigger actions → Create action: send to that user
  in its operations, its recovery operations and its update operations
`,
      },
      {
        file: 'By hand: Alerts → Media types → Webhook, parameters',
        language: 'text',
        text: parameters.map(([name, value]) => `${name}: ${value}\n`).join(''),
      },
      { file: 'By hand: Alerts → Media types → Webhook, script', language: 'text', text: SCRIPT },
    ]
  },
}
