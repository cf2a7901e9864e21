import type { Reason } from '#lib/admin/integration.ts'
import type { AlertStatus, HeldBack, Priority, Ref, Severity, SlaClock, State } from '#lib/api/types.ts'
import type { Page } from '#lib/oncall/types.ts'
import type { AlertLink } from '#lib/ticket/ticket-page.ts'

export interface TrailEvent {
  position: number
  kind: string
  title: string | null
  dedup_key: string | null
  severity: Severity | null
  severity_raw: string | null
  bucket: string
  reason: Reason
  decided_at: string
  dead_letter: { id: string; reason: string; retried: boolean } | null
  alert: {
    id: string
    title: string
    status: AlertStatus
    held: HeldBack | null
    flapping: boolean
    snoozed_until: string | null
  } | null
  link: (AlertLink & { ticket: string }) | null
}

export interface TrailTicket {
  number: string
  title: string
  state: State
  priority: Priority
  sla: SlaClock[]
  escalation: { policy: string; version: number; state: string; next_step_at: string | null } | null
  pages: Page[]
  /** It pages nobody: whom it would have paged so far. */
  shadow: { id: string; at: string; person: Ref; why: unknown }[] | null
}

/** What became of one request, from its receipt to whoever was paged. */
export interface Trail {
  receipt: {
    id: string
    received_at: string
    outcome: 'accepted' | 'rejected'
    answer_status: number
    reason: string | null
    event_count: number
  }
  waiting: boolean
  events: TrailEvent[]
  tickets: TrailTicket[]
}
