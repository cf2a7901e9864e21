import { sql } from 'kysely'
import { DeskError, type Tx } from '../activity/index.ts'
import { type Reader, ticketVisible, ticketWorkable } from '../auth/index.ts'
import type { PendingReason, Ticket, TicketState } from '../ticket/index.ts'
import { type Wanting, editTickets, type Edited } from './edit.ts'
import { stepsBack } from './steps-back.ts'
import type { Wish } from './wish.ts'

interface Told {
  ticket_id: string
  number: string
  revision: number
  verb: string
  before: Record<string, unknown>
  after: Record<string, unknown>
}

/** Answers that an edit changed, as they were; `since`: those that somebody has changed again. */
interface Answered {
  number: string
  before: Record<string, unknown>
  keys: string[]
  since: string[]
}

type Standing = Pick<Ticket, (typeof COLUMNS)[number]>
const COLUMNS = [
  'team_id',
  'assignee_id',
  'impact',
  'urgency',
  'category_id',
  'state',
  'pending_reason',
  'resolution_code',
] as const

/**
 * Takes back what one edit of many tickets, or a macro, changed, as its lines tell: on each ticket that still has what
 * the edit gave it. What was said stays said, an acknowledgement given. An undo is an edit too, so it can be taken back itself.
 */
export async function undoEdit(
  tx: Tx,
  reader: Reader,
  edit: { id: string; of: string },
  numbers: string[],
): Promise<Edited> {
  const lines = Map.groupBy(await linesOf(tx, reader, edit.of, numbers), (line) => line.number)
  const standing = await standingOf(tx, reader, [...lines.keys()])
  const answered = await answeredBy(tx, lines)
  const asked: Wanting[] = []
  const unchanged: string[] = []
  const refused: Edited['refused'] = []
  for (const number of numbers) {
    const now = standing.get(number)
    try {
      if (!now) throw new DeskError('not_found', 'This edit changed no such ticket.')
      const wish = wishBack(lines.get(number)!, now, answered.get(number))
      if (Object.keys(wish).length === 0) unchanged.push(number)
      else asked.push({ number, wish })
    } catch (error) {
      if (!(error instanceof DeskError)) throw error
      refused.push({ number, error })
    }
  }
  const outcome = await editTickets(tx, reader, { id: edit.id, why: { undoes: edit.of } }, asked)
  return {
    changed: outcome.changed,
    unchanged: [...unchanged, ...outcome.unchanged],
    refused: [...refused, ...outcome.refused],
  }
}

/** The lines that the reader's own edit left on tickets, each in its order. */
async function linesOf(tx: Tx, reader: Reader, editId: string, numbers: string[]): Promise<Told[]> {
  const { rows } = await sql<Told>`
    select a.ticket_id, t.number, a.revision, a.verb, coalesce(a.before, '{}') as before, coalesce(a.after, '{}') as after
    from ticket t join activity a on a.ticket_id = t.id
    where t.number = any(${numbers}) and ${ticketVisible(reader)} and a.subject_id = t.id
      and a.actor_id = ${reader.person.id}
      and (a.cause = ${JSON.stringify({ kind: 'bulk', id: editId })}::jsonb
        or a.cause @> ${JSON.stringify({ kind: 'macro', edit: editId })}::jsonb)
    order by a.ticket_id, a.revision`.execute(tx.db)
  return rows
}

/** What stood beside the record of the answers that these lines changed; what was erased is not brought back. */
async function answeredBy(tx: Tx, lines: Map<string, Told[]>): Promise<Map<string, Answered>> {
  const edits = [...lines.values()].flat().filter(({ after }) => 'fields_was' in after)
  if (edits.length === 0) return new Map()
  const { rows } = await sql<Answered>`
    select t.number, w.body::jsonb as before, g.keys, coalesce((
        select jsonb_agg(distinct k) from activity a,
          jsonb_array_elements_text(case jsonb_typeof(a.after -> 'fields') when 'array' then a.after -> 'fields' else '[]' end) k
        where a.ticket_id = t.id and a.revision > g.revision and a.verb = 'edit' and g.keys ? k), '[]') as since
    from jsonb_to_recordset(${JSON.stringify(
      edits.map(({ ticket_id, revision, after }) => ({
        ticket_id,
        revision,
        keys: after.fields,
        was: after.fields_was,
      })),
    )}::jsonb) as g(ticket_id uuid, revision int, keys jsonb, was uuid)
    join wording w on w.id = g.was and w.ticket_id = g.ticket_id and w.erased_at is null
    join ticket t on t.id = g.ticket_id`.execute(tx.db)
  return new Map(rows.map((row) => [row.number, row]))
}

async function standingOf(tx: Tx, reader: Reader, numbers: string[]): Promise<Map<string, Standing>> {
  const { rows } = await sql<Standing & { number: string }>`
    select t.number, ${sql.join(COLUMNS.map((column) => sql.ref(`t.${column}`)))} from ticket t
    where t.number = any(${numbers}) and ${ticketVisible(reader)} and ${ticketWorkable(reader)}
    order by t.id for update`.execute(tx.db)
  return new Map(rows.map((row) => [row.number, row]))
}

/** What brings a ticket back to where it was; throws where it has gone on since. */
export function wishBack(
  lines: Pick<Told, 'verb' | 'before' | 'after'>[],
  now: Standing,
  answered?: Answered,
): Wish {
  const before: Record<string, unknown> = {}
  const after: Record<string, unknown> = {}
  for (const line of lines) {
    Object.assign(after, line.after)
    for (const [column, value] of Object.entries(line.before)) if (!(column in before)) before[column] = value
  }
  const changed = COLUMNS.filter((column) => column in after && before[column] !== after[column])
  const since = [
    ...changed.filter((column) => now[column] !== after[column]),
    ...(answered?.since ?? []).map((key) => `fields.${key}`),
  ]
  if (since.length > 0)
    throw new DeskError('stale', 'It has been changed since.', {
      errors: since.map((path) => ({ path, message: 'was changed since' })),
    })
  const was = before as unknown as Standing
  const has = (column: (typeof COLUMNS)[number]) => changed.includes(column)
  const tagsOf = (verb: string) =>
    lines.filter((line) => line.verb === verb).flatMap((line) => line.after.tags as string[])
  const moved = has('state') || has('pending_reason')
  const steps = moved ? stepsBack(placeOf(was, now), placeOf(now, now)) : []
  return {
    ...((has('team_id') || has('assignee_id')) && { teamId: was.team_id, assigneeId: was.assignee_id }),
    ...(has('impact') && { impact: was.impact }),
    ...(has('urgency') && { urgency: was.urgency }),
    ...(has('category_id') && { categoryId: was.category_id }),
    ...(answered && {
      fields: Object.fromEntries(answered.keys.map((key) => [key, answered.before[key] ?? null])),
    }),
    ...(tagsOf('tag').length > 0 && { untagIds: tagsOf('tag') }),
    ...(tagsOf('untag').length > 0 && { tagIds: tagsOf('untag') }),
    ...(steps.length > 0 && { steps }),
  }
}

/** A line tells only what changed: the rest was as it is. */
const placeOf = (held: Partial<Standing>, now: Standing) => ({
  state: (held.state ?? now.state) as TicketState,
  reason: (held.pending_reason === undefined
    ? now.pending_reason
    : held.pending_reason) as PendingReason | null,
  code: held.resolution_code,
})
