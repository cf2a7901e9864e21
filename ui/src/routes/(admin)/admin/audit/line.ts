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
