/** Who did it: a person, a rule (correlation, escalation, SLA), an integration, or the system itself. */
export type Actor =
  | { kind: 'person'; id: string }
  | { kind: 'integration'; id: string }
  | { kind: 'rule'; id: string | null }
  | { kind: 'system'; id: null }

export const SYSTEM: Actor = { kind: 'system', id: null }
