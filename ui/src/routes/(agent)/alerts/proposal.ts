import type { AlertLine } from '#lib/api/types.ts'

/** A ticket that a rule would open once a person confirms. */
export interface Proposal {
  id: string
  opens: 'incident' | 'request'
  rule: { id: string; name: string; version: number }
  evidence: unknown
  alert: AlertLine
}
