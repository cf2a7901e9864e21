import { sql } from 'kysely'
import { DeskError, found, record, type Tx } from '../activity/index.ts'
import type { Due } from './decide.ts'

export interface RemindInput {
  ticketId: string
  personId: string
  kind: Due['kind']
  /** Of `time` and `unchanged`. */
  at?: Date
  note?: string
}

/** That wait, of one person. */
const MOST_REMINDERS = 500
const FARTHEST_MS = 2 * 366 * 24 * 3_600_000

/** Remembers a ticket for somebody until its time has come, or what they wait for has happened or has not. */
export async function remind(tx: Tx, input: RemindInput): Promise<string> {
  if (input.kind !== 'answer') demandAhead(tx, input.at)
  const { rows } = await sql<{ id: string }>`
    insert into reminder (person_id, ticket_id, kind, due_at, note, seen_revision, created_at)
    select ${input.personId}, t.id, ${input.kind}, ${input.kind === 'answer' ? null : (input.at ?? null)}::timestamptz(3),
           ${input.note ?? ''}, t.revision, ${tx.now}
    from ticket t where t.id = ${input.ticketId}
      and (select count(*) from reminder r where r.person_id = ${input.personId} and r.state = 'waiting') < ${MOST_REMINDERS}
    returning id`.execute(tx.db)
  const [row] = rows
  if (!row) throw new DeskError('conflict', `${MOST_REMINDERS} reminders wait already: take some away first.`)
  await tell(tx, 'ask', row.id, input.personId)
  return row.id
}

/** Later, whatever it waited for: at this time. One that reminded waits again. */
export async function snoozeReminder(
  tx: Tx,
  input: { id: string; personId: string; until: Date },
): Promise<void> {
  demandAhead(tx, input.until)
  const { rows } = await sql`
    update reminder set kind = 'time', due_at = ${input.until}::timestamptz(3), state = 'waiting', fired_at = null,
      revision = revision + 1
    where id = ${input.id} and person_id = ${input.personId} and state in ('waiting', 'fired') returning id`.execute(
    tx.db,
  )
  if (rows.length === 0) await refuse(tx, input)
  await tell(tx, 'snooze', input.id, input.personId)
}

/** No longer wanted, or seen to. A second time changes nothing. */
export async function finishReminder(tx: Tx, input: { id: string; personId: string }): Promise<void> {
  const { rows } = await sql`
    update reminder set state = 'done', revision = revision + 1
    where id = ${input.id} and person_id = ${input.personId} and state in ('waiting', 'fired') returning id`.execute(
    tx.db,
  )
  if (rows.length > 0) await tell(tx, 'finish', input.id, input.personId)
  else await find(tx, input)
}

async function refuse(tx: Tx, input: { id: string; personId: string }): Promise<never> {
  await find(tx, input)
  throw new DeskError('conflict', 'This reminder has ended. Ask for another.')
}

async function find(tx: Tx, { id, personId }: { id: string; personId: string }): Promise<void> {
  const row = await tx.db
    .selectFrom('reminder')
    .select('id')
    .where('id', '=', id)
    .where('person_id', '=', personId)
    .executeTakeFirst()
  found(row, 'reminder of yours')
}

function demandAhead(tx: Tx, at: Date | undefined): void {
  const ahead = at ? at.getTime() - tx.now.getTime() : 0
  if (ahead <= 0 || ahead > FARTHEST_MS)
    throw new DeskError('invalid', 'A reminder is for a time to come.', {
      errors: [{ path: 'at', message: ahead <= 0 ? 'is not to come' : 'is more than two years away' }],
    })
}

const tell = (tx: Tx, verb: string, id: string, person: string) =>
  record(tx, [{ verb, subject: { kind: 'reminder', id }, after: { person }, visibility: 'audit' }])
