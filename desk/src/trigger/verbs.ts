import type { ActivityRow } from '../activity/index.ts'

/** What may happen to a ticket, and be told to others or start a rule: the verb of the line, and what it is about. */
export const TRIGGERS = {
  open: 'ticket',
  acknowledge: 'ticket',
  start: 'ticket',
  pend: 'ticket',
  resume: 'ticket',
  resolve: 'ticket',
  close: 'ticket',
  reopen: 'ticket',
  cancel: 'ticket',
  assign: 'ticket',
  edit: 'ticket',
  status: 'ticket',
  reply: 'ticket',
  comment: 'ticket',
  note: 'ticket',
  attach: 'ticket',
  tag: 'ticket',
  untag: 'ticket',
  link: 'ticket',
  unlink: 'ticket',
  merge: 'ticket',
  unmerge: 'ticket',
  split: 'ticket',
  fix: 'ticket',
  assess: 'ticket',
  authorize: 'ticket',
  schedule: 'ticket',
  implement: 'ticket',
  review: 'ticket',
  revise: 'ticket',
  approve: 'ticket',
  reject: 'ticket',
  'declare-major': 'ticket',
  'sla-mark': 'ticket',
  breach: 'ticket',
  escalate: 'escalation',
  page: 'page',
} as const
export type TriggerVerb = keyof typeof TRIGGERS
export const TRIGGER_VERBS = Object.keys(TRIGGERS) as [TriggerVerb, ...TriggerVerb[]]

/** Marks of clocks stand beside the timeline, so their line names the ticket as what it is about. */
export const ticketTold = (
  line: Pick<ActivityRow, 'ticket_id' | 'subject_kind' | 'subject_id'>,
): string | null => line.ticket_id ?? (line.subject_kind === 'ticket' ? line.subject_id : null)

/** Whether a line may start anything: of a ticket, as it happened here, and not for administrators alone. */
export function mayTrigger(line: ActivityRow): boolean {
  const about = (TRIGGERS as Record<string, string>)[line.verb]
  const imported = (line.cause as { kind?: string } | null)?.kind === 'import'
  return about === line.subject_kind && line.visibility !== 'audit' && !imported && ticketTold(line) !== null
}
