import type { Sender } from '../sender.ts'

export const zabbix: Sender = {
  name: 'Zabbix',
  configuration: ({ url }) => [
    {
      file: 'Alerts → Media types → Webhook, parameters',
      language: 'text',
      text: `url: ${url}
event_id: {EVENT.ID}
event_value: {EVENT.VALUE}
event_update_status: {EVENT.UPDATE.STATUS}
event_update_action: {EVENT.UPDATE.ACTION}
event_source: {EVENT.SOURCE}
event_name: {EVENT.NAME}
event_severity: {EVENT.SEVERITY}
event_date: {EVENT.DATE}
event_time: {EVENT.TIME}
event_recovery_date: {EVENT.RECOVERY.DATE}
event_recovery_time: {EVENT.RECOVERY.TIME}
event_tags: {EVENT.TAGSJSON}
event_opdata: {EVENT.OPDATA}
trigger_id: {TRIGGER.ID}
host_name: {HOST.NAME}
host_ip: {HOST.IP}
alert_message: {ALERT.MESSAGE}
`,
    },
    {
      file: 'Alerts → Media types → Webhook, script',
      language: 'text',
      text: `var fields = JSON.parse(value), request = new HttpRequest();
var url = fields.url;
delete fields.url;
request.addHeader('Content-Type: application/json');
request.post(url, JSON.stringify(fields));
if (request.getStatus() !== 200) { throw 'Tocsin answered ' + request.getStatus(); }
return 'OK';
`,
    },
  ],
}
