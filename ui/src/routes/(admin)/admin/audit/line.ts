export interface AuditLine {
  id: string
  at: string
  actor: { kind: string; id: string | null; name: string | null }
  verb: string
  subject: { kind: string; id: string; name: string | null }
  ticket: string | null
  before: unknown
  after: unknown
  why: unknown
}

// Where the things of administration have a page of their own.
const folders: Record<string, string> = {
  calendar: 'calendars',
  category: 'categories',
  escalation_policy: 'escalations',
  integration: 'integrations',
  lookup: 'lookups',
  organisation: 'organisations',
  people_group: 'groups',
  person: 'people',
  service: 'services',
  sla_policy: 'slas',
  status: 'statuses',
  team: 'teams',
}

export const pageOf = ({ subject }: AuditLine): string | undefined =>
  subject.name && folders[subject.kind] ? `/admin/${folders[subject.kind]}/${subject.id}` : undefined
