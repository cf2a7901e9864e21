import type { Db } from '@tocsin/db'
import { sql } from 'kysely'
import { actorOf, type Reader } from '../auth/index.ts'
import { DeskError, transact, type Tx } from '../activity/index.ts'
import { applyMacro, carryOut, type On } from './apply.ts'
import type { Does } from './does.ts'

/** What differs on a ticket; labels in several languages as they are, instants as text. */
export interface Difference {
  field: string
  before: unknown
  after: unknown
}
export interface Preview {
  /** Null where it can be applied; else why not. */
  refused: string | null
  changes: Difference[]
  /** What it would write, as it would be written. */
  says: { kind: 'reply' | 'note'; body: string }[]
}

/** Takes back what was carried out only to be looked at. */
class Seen extends Error {
  preview: Preview
  constructor(preview: Preview) {
    super('seen')
    this.preview = preview
  }
}

/**
 * What a macro would change now: it is carried out and taken back, so that what is shown is what would happen, and
 * a refusal is the one that applying it would meet.
 */
export async function previewMacro(
  db: Db,
  reader: Reader,
  on: On & ({ macroId: string } | { does: Does }),
): Promise<Preview> {
  try {
    return await transact(db, actorOf(reader), async (tx) => {
      const before = await standing(tx, on.ticketId)
      if ('macroId' in on) await applyMacro(tx, reader, on)
      else await carryOut(tx, reader, on, { id: on.ticketId, does: on.does })
      const after = await standing(tx, on.ticketId)
      const changes = Object.keys(after)
        .filter((field) => JSON.stringify(before[field]) !== JSON.stringify(after[field]))
        .map((field) => ({ field, before: before[field], after: after[field] }))
      throw new Seen({ refused: null, changes, says: await saidNow(tx, on.ticketId) })
    })
  } catch (error) {
    if (error instanceof Seen) return error.preview
    const refusal = error instanceof DeskError && ['conflict', 'invalid', 'forbidden'].includes(error.code)
    if (refusal) return { refused: error.message, changes: [], says: [] }
    throw error
  }
}

async function standing({ db }: Tx, id: string): Promise<Record<string, unknown>> {
  const { rows } = await sql<Record<string, unknown>>`
    select t.state, (select u.name from ticket_status u where u.id = t.status_id) as status, t.pending_reason,
      t.resolution_code, t.priority, t.impact, t.urgency,
      (select k.name from category k where k.id = t.category_id) as category,
      (select m.name from team m where m.id = t.team_id) as team,
      (select p.name from person p where p.id = t.assignee_id) as assignee,
      array(select g.name from ticket_tag x join tag g on g.id = x.tag_id where x.ticket_id = t.id order by 1) as tags,
      to_char(t.due_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as due_at
    from ticket t where t.id = ${id}`.execute(db)
  return rows[0] ?? {}
}

/** The messages of this transaction. */
async function saidNow({ db }: Tx, id: string): Promise<Preview['says']> {
  const { rows } = await sql<{ kind: 'reply' | 'note'; body: string }>`
    select m.kind, m.body from message m
    where m.ticket_id = ${id} and m.xmin::text = (pg_current_xact_id()::xid)::text order by m.id`.execute(db)
  return rows
}
