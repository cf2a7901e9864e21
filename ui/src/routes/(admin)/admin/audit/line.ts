export interface AuditLine {
  id: string
  at: string
  actor: { kind: string; id: string | null; name: string | null }
  verb: string
  subject: { kind: string; id: string }
  ticket: string | null
  before: unknown
  after: unknown
  why: unknown
}

/** The kinds of things that the record tells about, as its lines name them. */
export const subjectKinds = [
  'ticket',
  'alert',
  'page',
  'person',
  'team',
  'service',
  'integration',
  'schedule',
  'escalation_policy',
  'sla_policy',
  'calendar',
  'catalogue_item',
  'api_key',
  'contact_method',
  'setting',
]
