import type { Tables } from '@tocsin/db'
import { sql, type Updateable } from 'kysely'
import { DeskError, type Tx } from '../activity/index.ts'
import type { Ticket } from './change.ts'
import type { ChangeType } from './lifecycles.ts'
import { type Risk, type RiskAnswers, riskOf } from './risk.ts'
import { isOpen } from './state.ts'

export interface ProblemEdit {
  root_cause?: string | null
  workaround?: string | null
  known_error?: boolean
  quiet_days?: number | null
}
export interface PlanEdit {
  type?: ChangeType
  risk?: Risk | null
  risk_answers?: RiskAnswers | null
  risk_reason?: string | null
  implementation_plan?: string | null
  backout_plan?: string | null
  test_plan?: string | null
  planned_start?: Date | null
  planned_end?: Date | null
  service_ids?: string[]
  ci_ids?: string[]
  quiet?: boolean
}
export type Details = { problem?: ProblemEdit; change?: PlanEdit }

/** What an edit of a kind's own fields leaves to write: the line names each by its path, texts by their wording. */
export interface DetailsEdit {
  /** Paths such as `problem.workaround`, of what differs. */
  changed: string[]
  before: Record<string, unknown>
  after: Record<string, unknown>
  /** Why the risk is what it is, where it was worked out. */
  why?: unknown
  apply: (tx: Tx) => Promise<void>
}

const TEXTS = ['root_cause', 'workaround', 'implementation_plan', 'backout_plan', 'test_plan', 'risk_reason']
const refuse = (path: string, message: string): never => {
  throw new DeskError('invalid', 'Some fields are not right.', { errors: [{ path, message }] })
}

/** What the edit changes of a locked ticket's own kind; undefined: nothing. */
export async function editDetails(tx: Tx, ticket: Ticket, input: Details): Promise<DetailsEdit | undefined> {
  if (input.problem && ticket.kind !== 'problem') refuse('problem', 'the ticket is no problem')
  if (input.change && ticket.kind !== 'change') refuse('change', 'the ticket is no change')
  if (input.problem) {
    const held = await rowOf(tx, 'problem', ticket.id)
    const { known_error, ...rest } = input.problem
    const next: Updateable<Tables['problem']> = defined(rest)
    if (known_error !== undefined) next.known_error_at = known_error ? (held.known_error_at ?? tx.now) : null
    const after = { ...held, ...next }
    if (after.known_error_at && !after.workaround)
      refuse('problem.workaround', 'a known error says how to live with it')
    if (held.published_at && !after.workaround) next.published_at = null
    return differing(ticket, 'problem', held, next)
  }
  if (!input.change) return undefined
  const held = await rowOf(tx, 'change_plan', ticket.id)
  const { risk_answers, ...rest } = input.change
  const next: Updateable<Tables['change_plan']> = defined(rest)
  if (risk_answers !== undefined) next.risk_answers = risk_answers && JSON.stringify(risk_answers)
  const answers = (risk_answers === undefined ? held.risk_answers : risk_answers) as RiskAnswers | null
  const told = answers && riskOf(answers)
  if (risk_answers && input.change.risk === undefined) next.risk = told!.risk
  const after = { ...held, ...next }
  const chosen = next.risk !== undefined && next.risk !== null && next.risk !== told?.risk
  if (chosen && !after.risk_reason) refuse('change.risk_reason', 'say why, where the answers do not')
  if (after.planned_start && after.planned_end && after.planned_end <= after.planned_start)
    refuse('change.planned_end', 'it must end after it starts')
  const edit = differing(ticket, 'change_plan', held, next)
  if (edit) demandEditable(ticket, held.type as ChangeType, edit.changed)
  return edit && { ...edit, ...(told && next.risk !== undefined && { why: told }) }
}

// What was approved stays what it was; when it happens may move until it does.
const MOVABLE = new Set(['change.planned_start', 'change.planned_end', 'change.quiet'])

function demandEditable(ticket: Ticket, type: ChangeType, changed: string[]): void {
  const { state } = ticket
  if (changed.includes('change.type') && state !== 'new')
    throw new DeskError('conflict', 'The type of a change is settled when its work begins.')
  const drafted = state === 'new' || state === 'assess' || type === 'emergency'
  if (!isOpen(state) || state === 'implement' || state === 'review')
    throw new DeskError('conflict', 'The plan is what was carried out: it cannot be changed any more.')
  if (!drafted && changed.some((path) => !MOVABLE.has(path)))
    throw new DeskError('conflict', 'Revise the change first: what is approved must stay as it was.')
}

async function rowOf<T extends 'problem' | 'change_plan'>(tx: Tx, table: T, id: string) {
  const { rows } = await sql`select * from ${sql.table(table)} where ticket_id = ${id}`.execute(tx.db)
  return rows[0] as Record<string, unknown> & {
    known_error_at: Date | null
    published_at: Date | null
    workaround: string | null
    type: string
    risk_answers: unknown
    risk_reason: string | null
    planned_start: Date | null
    planned_end: Date | null
  }
}

const defined = <T extends object>(values: T): T =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as T

const comparable = (value: unknown): string =>
  JSON.stringify(typeof value === 'string' && value.startsWith('{') ? JSON.parse(value) : value)

function differing(
  ticket: Ticket,
  table: 'problem' | 'change_plan',
  held: Record<string, unknown>,
  next: Record<string, unknown>,
): DetailsEdit | undefined {
  const prefix = table === 'problem' ? 'problem' : 'change'
  const columns = Object.keys(next).filter((column) => comparable(next[column]) !== comparable(held[column]))
  if (columns.length === 0) return undefined
  const told = columns.filter((column) => !TEXTS.includes(column))
  const onLine = (row: Record<string, unknown>) =>
    Object.fromEntries(told.map((column) => [`${prefix}.${column}`, row[column]]))
  const after: Record<string, unknown> = onLine(next)
  return {
    changed: columns.map((column) => `${prefix}.${column}`),
    before: onLine(held),
    after,
    apply: async (tx) => {
      for (const column of columns.filter((one) => TEXTS.includes(one))) {
        const { id } = await tx.db
          .insertInto('wording')
          .values({
            ticket_id: ticket.id,
            field: `${prefix}.${column}`,
            body: (held[column] as string | null) ?? '',
            created_at: tx.now,
          })
          .returning('id')
          .executeTakeFirstOrThrow()
        after[`${prefix}.${column}_was`] = id
      }
      await tx.db
        .updateTable(table)
        .set(Object.fromEntries(columns.map((column) => [column, next[column]])))
        .where('ticket_id', '=', ticket.id)
        .execute()
    },
  }
}
