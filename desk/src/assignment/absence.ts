import type { Db, Tables } from '@tocsin/db'
import { sql, type Transaction } from 'kysely'
import { DeskError, found, record, type Tx } from '../activity/index.ts'
import { mayInTeam, type Reader, scopeOf, teamsWith } from '../auth/index.ts'
import { lookForPerson } from './settings.ts'

export interface Absence {
  id: string
  person: { id: string; name: string }
  starts_at: Date
  ends_at: Date
  reason: string | null
  author: { id: string; name: string } | null
}

const YEAR_MS = 366 * 86_400_000

/** Absences that have not ended, of one person or of everybody in a team, the soonest first. */
export async function readAbsences(
  db: Db,
  of: { personId: string } | { teamId: string },
): Promise<Absence[]> {
  const whose =
    'personId' in of
      ? sql`a.person_id = ${of.personId}`
      : sql`a.person_id in (select g.person_id from role_grant g where g.team_id = ${of.teamId})`
  const { rows } = await sql<Absence>`
    select a.id, jsonb_build_object('id', p.id, 'name', p.name) as person, a.starts_at, a.ends_at, a.reason,
           case when w.id is not null then jsonb_build_object('id', w.id, 'name', w.name) end as author
    from absence a join person p on p.id = a.person_id left join person w on w.id = a.author_id
    where ${whose} and a.cancelled_at is null and a.ends_at > (select tocsin_now()) and p.archived_at is null
    order by a.starts_at, a.id limit 500`.execute(db)
  return rows
}

/** Throws unless it is the reader, or somebody of a team whose assignment they manage. */
export async function demandOver(
  db: Db | Transaction<Tables>,
  reader: Reader,
  personId: string,
  also?: 'themself',
): Promise<void> {
  if (also === 'themself' && personId === reader.person.id) return
  if (scopeOf(reader, 'team.assign') === 'all') return
  const teams = teamsWith(reader, 'team.assign')
  const { rows } = await sql`
    select from role_grant where person_id = ${personId} and team_id = any(${teams}::uuid[]) limit 1`.execute(
    db,
  )
  if (rows.length === 0)
    throw new DeskError('forbidden', 'This person is in none of the teams that you manage.')
}

/** Throws unless the reader manages the assignment of this team. */
export function demandAssigning(reader: Reader, teamId: string): void {
  if (!mayInTeam(reader, 'team.assign', teamId))
    throw new DeskError('forbidden', 'Only this team’s managers may do that.')
}

/** Somebody will not be there: they are given nothing meanwhile, and hand back what they hold where the team wants it. */
export async function declareAbsence(
  tx: Tx,
  input: { personId: string; startsAt: Date; endsAt: Date; reason?: string | null },
): Promise<string> {
  if (input.endsAt <= input.startsAt || input.endsAt <= tx.now)
    throw invalid('must come after the beginning, and after now')
  if (+input.endsAt - +input.startsAt > YEAR_MS) throw invalid('is more than a year after the beginning')
  const person = await tx.db
    .selectFrom('person')
    .select('id')
    .where('id', '=', input.personId)
    .where('archived_at', 'is', null)
    .executeTakeFirst()
  found(person, 'person')
  const { id } = await tx.db
    .insertInto('absence')
    .values({
      person_id: input.personId,
      starts_at: input.startsAt,
      ends_at: input.endsAt,
      reason: input.reason ?? null,
      author_id: tx.actor.kind === 'person' ? tx.actor.id : null,
      created_at: tx.now,
    })
    .returning('id')
    .executeTakeFirstOrThrow()
  await lookForPerson(tx, input.personId)
  await record(tx, [
    {
      verb: 'declare-absence',
      subject: { kind: 'person', id: input.personId },
      after: { absence: id, starts_at: input.startsAt, ends_at: input.endsAt },
      visibility: 'audit',
    },
  ])
  return id
}

/** Whose absence this is, while it can still be cancelled. */
export async function findAbsence(db: Db, id: string): Promise<{ personId: string }> {
  const { rows } = await sql<{ personId: string }>`
    select person_id as "personId" from absence where id = ${id} and cancelled_at is null and ends_at > (select tocsin_now())`.execute(
    db,
  )
  return found(rows[0], 'absence')
}

/** They are there after all, or back already. */
export async function cancelAbsence(tx: Tx, id: string): Promise<void> {
  const row = await tx.db
    .updateTable('absence')
    .set({ cancelled_at: tx.now })
    .where('id', '=', id)
    .where('cancelled_at', 'is', null)
    .where('ends_at', '>', tx.now)
    .returning('person_id')
    .executeTakeFirst()
  const { person_id } = found(row, 'absence')
  await lookForPerson(tx, person_id)
  await record(tx, [
    {
      verb: 'cancel-absence',
      subject: { kind: 'person', id: person_id },
      after: { absence: id },
      visibility: 'audit',
    },
  ])
}

const invalid = (message: string) =>
  new DeskError('invalid', 'These are no times to be away.', { errors: [{ path: 'ends_at', message }] })
