import type { Sender } from '../sender.ts'

export const checkly: Sender = {
  name: 'Checkly',
  configuration: ({ url }) => [
    {
      file: 'Alert settings → Alert channels → Webhook',
      language: 'text',
      text: `Method: POST
URL: ${url}
Body: the template that Checkly proposes, with these fields in it:
`,
    },
    {
      file: 'Body',
      language: 'json',
      text: `{
  "event": "{{ALERT_TITLE}}",
  "alert_type": "{{ALERT_TYPE}}",
  "check_name": "{{CHECK_NAME}}",
  "group_name": "{{GROUP_NAME}}",
  "check_id": "{{CHECK_ID}}",
  "check_type": "{{CHECK_TYPE}}",
  "check_error_message": "{{CHECK_ERROR_MESSAGE}}",
  "run_location": "{{RUN_LOCATION}}",
  "ssl_days_remaining": "{{SSL_DAYS_REMAINING}}",
  "ssl_check_domain": "{{SSL_CHECK_DOMAIN}}",
  "started_at": "{{STARTED_AT}}",
  "tags": "{{TAGS}}",
  "link": "{{RESULT_LINK}}"
}
`,
    },
  ],
}
