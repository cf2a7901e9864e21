import type { Sender } from '../sender.ts'

export const datadog: Sender = {
  name: 'Datadog',
  configuration: ({ url }) => [
    { file: 'Integrations › Webhooks › New: URL', language: 'text', text: `${url}\n` },
    {
      file: 'Integrations › Webhooks › New: Payload',
      language: 'json',
      text: `{
  "alert_id": "$ALERT_ID",
  "alert_cycle_key": "$ALERT_CYCLE_KEY",
  "alert_transition": "$ALERT_TRANSITION",
  "alert_type": "$ALERT_TYPE",
  "alert_title": "$ALERT_TITLE",
  "alert_priority": "$ALERT_PRIORITY",
  "alert_scope": "$ALERT_SCOPE",
  "alert_metric": "$ALERT_METRIC",
  "alert_query": "$ALERT_QUERY",
  "text_only_msg": "$TEXT_ONLY_MSG",
  "hostname": "$HOSTNAME",
  "tags": "$TAGS",
  "date_posix": "$DATE_POSIX",
  "org_name": "$ORG_NAME",
  "link": "$LINK"
}
`,
    },
    { file: 'Monitor › Notify your team', language: 'text', text: `@webhook-tocsin\n` },
  ],
}
