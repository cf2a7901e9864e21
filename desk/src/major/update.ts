import { sql } from 'kysely'
import { DeskError, type Tx } from '../activity/index.ts'
import { changeTicket, lockTicket, publishOnTicket } from '../ticket/index.ts'
import { isTold, type MajorState } from './lifecycle.ts'
import { promise } from './promise.ts'

export interface UpdateInput {
  id: string
  /** What it is called where people outside the desk read of it. */
  title: string
  affected: string
  body: string
  /** When the next one is promised: null none, and unless said as often as the incident asks for. */
  nextAt?: Date | null
}

const MOST_AHEAD_MS = 30 * 24 * 3_600_000

/** Tells everybody concerned how a declared major incident stands. Answers the id of the message. */
export async function updateMajor(given: Tx, input: UpdateInput): Promise<string> {
  const { id, tx, open, every } = await lockDeclared(given, input.id)
  const usual = open && every ? new Date(tx.now.getTime() + every * 60_000) : null
  const nextAt = input.nextAt === undefined ? usual : input.nextAt
  if (nextAt && !open)
    throw new DeskError('conflict', 'The incident is solved: no further update can be promised.')
  if (nextAt && (nextAt <= tx.now || nextAt.getTime() - tx.now.getTime() > MOST_AHEAD_MS))
    throw new DeskError('invalid', 'The next update lies in the future, within 30 days.', {
      errors: [{ path: 'next_update_at', message: 'lies in the future, within 30 days' }],
    })
  const messageId = await publishOnTicket(tx, {
    id,
    verb: 'update-major',
    body: input.body,
    after: { next_update_at: nextAt?.toISOString() ?? null },
  })
  await tx.db
    .insertInto('major_update')
    .values({
      message_id: messageId,
      ticket_id: id,
      title: input.title.trim(),
      affected: input.affected.trim(),
      next_at: nextAt,
      created_at: tx.now,
    })
    .execute()
  await tx.db.updateTable('major_incident').set(promise(tx.now, nextAt)).where('ticket_id', '=', id).execute()
  return messageId
}

/** Who hears of it by mail, beside those who follow it: as a whole, what is not named is taken away. */
export async function chooseStakeholders(
  given: Tx,
  input: { id: string; people: string[]; teams: string[] },
): Promise<void> {
  const { id, tx, ticket } = await lockDeclared(given, input.id)
  const [people, teams] = [[...new Set(input.people)], [...new Set(input.teams)]]
  await demandKnown(tx, people, teams)
  const { rows } = await sql<{ gone: number; came: number }>`
    with given as (
      select id as person_id, null::uuid as team_id from unnest(${people}::uuid[]) p(id)
      union all select null, id from unnest(${teams}::uuid[]) m(id)
    ), gone as (
      delete from major_stakeholder s where s.ticket_id = ${id}
        and not exists (select from given g where g.person_id is not distinct from s.person_id and g.team_id is not distinct from s.team_id)
      returning 1
    ), came as (
      insert into major_stakeholder (ticket_id, person_id, team_id) select ${id}::uuid, person_id, team_id from given
      on conflict do nothing returning 1
    ) select (select count(*)::int from gone) as gone, (select count(*)::int from came) as came`.execute(
    tx.db,
  )
  const { gone, came } = rows[0]!
  if (gone + came === 0) return
  await changeTicket(tx, ticket, {
    verb: 'choose-stakeholders',
    set: {},
    after: { people, teams },
    visibility: 'internal',
  })
}

async function demandKnown(tx: Tx, people: string[], teams: string[]): Promise<void> {
  const { rows } = await sql<{ people: number; teams: number }>`
    select (select count(*)::int from person where id = any(${people}::uuid[]) and archived_at is null) as people,
           (select count(*)::int from team where id = any(${teams}::uuid[]) and archived_at is null) as teams`.execute(
    tx.db,
  )
  const errors = [
    ...(rows[0]!.people < people.length
      ? [{ path: 'people', message: 'names somebody who is not here' }]
      : []),
    ...(rows[0]!.teams < teams.length ? [{ path: 'teams', message: 'names a team that is not here' }] : []),
  ]
  if (errors.length > 0) throw new DeskError('invalid', 'Nobody can be told so.', { errors })
}

async function lockDeclared(given: Tx, ticketId: string) {
  const { ticket, tx } = await lockTicket(given, ticketId)
  const major = await tx.db
    .selectFrom('major_incident')
    .select(['state', 'update_every_minutes'])
    .where('ticket_id', '=', ticketId)
    .executeTakeFirst()
  if (!isTold({ state: ticket.state, major: (major?.state ?? null) as MajorState | null }))
    throw new DeskError(
      'conflict',
      major?.state === 'declared'
        ? 'The incident has ended. Reopen it first.'
        : 'People outside the desk are told of declared major incidents only.',
    )
  return {
    id: ticketId,
    tx,
    ticket,
    open: ticket.state !== 'resolved',
    every: major?.update_every_minutes ?? null,
  }
}
