import { m } from '#lib/paraglide/messages.js'

const things: Record<string, () => string> = {
  ticket: m.permission_of_ticket,
  alert: m.permission_of_alert,
  page: m.permission_of_page,
  schedule: m.permission_of_schedule,
  service: m.permission_of_service,
  team: m.permission_of_team,
  person: m.permission_of_person,
  catalogue: m.permission_of_catalogue,
  calendar: m.permission_of_calendar,
  integration: m.permission_of_integration,
  rule: m.permission_of_rule,
  webhook: m.permission_of_webhook,
  automation: m.permission_of_automation,
  insight: m.permission_of_insight,
  audit: m.permission_of_audit,
  import: m.permission_of_import,
  setting: m.permission_of_setting,
  key: m.permission_of_key,
  mail: m.permission_of_mail,
}
const verbs: Record<string, () => string> = {
  read: m.permission_to_read,
  create: m.permission_to_create,
  comment: m.permission_to_comment,
  answer: m.permission_to_answer,
  work: m.permission_to_work,
  override: m.permission_to_override,
  edit: m.permission_to_edit,
  assign: m.permission_to_assign,
}

/** `ticket.read` in words: “Tickets: see”. One that is not known here keeps its own name. */
export function capabilityWords(capability: string): string {
  const [thing = '', act = ''] = capability.split('.')
  const [what, verb] = [things[thing]?.(), verbs[act]?.()]
  return what && verb ? m.permission_words({ what, verb }) : capability
}
