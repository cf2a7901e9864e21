import type { Db, Tables } from '@tocsin/db'
import { sql, type Transaction } from 'kysely'
import { DeskError, recordOnTickets, type Tx } from '../activity/index.ts'
import { readSettings } from '../services/index.ts'
import { changeTicket, lockTicket, type Ticket } from './change.ts'
import { openTickets } from './open.ts'

/** Incidents of a problem, over `ticket i`: linked to it as their cause, or the same symptom of the same service. */
const OF_PROBLEM = (problem: Pick<Ticket, 'id' | 'service_id' | 'symptom_key'>) => [
  sql`i.id in (select from_id from ticket_link where to_id = ${problem.id} and kind = 'caused_by' and removed_at is null)`,
  ...(problem.service_id && problem.symptom_key
    ? [
        sql`i.service_id = ${problem.service_id} and i.symptom_key = ${problem.symptom_key}
            and i.created_at > (select tocsin_now()) - interval '366 days'`,
      ]
    : []),
]

export interface Unquiet {
  incident: string
  days: number
  /** When it has been quiet long enough. */
  until: Date
}

/** The incident that keeps a problem from closing, by the database's clock; undefined once it is quiet. */
export async function unquiet(
  tx: { db: Db | Transaction<Tables>; now: Date },
  problem: Pick<Ticket, 'id' | 'service_id' | 'symptom_key'>,
): Promise<Unquiet | undefined> {
  const { problem_quiet_days: usual } = await readSettings(tx.db)
  // The newest of each kind, by its index: a symptom may have come back ten thousand times.
  const newest = OF_PROBLEM(problem).map(
    (of) => sql`(select i.id, i.number, i.created_at from ticket i
      where i.kind = 'incident' and i.state <> 'cancelled' and ${of} order by i.created_at desc, i.id desc limit 1)`,
  )
  const { rows } = await sql<{ incident: string; days: number; until: Date }>`
    select i.number as incident, p.days, i.created_at + make_interval(days => p.days) as until
    from (select coalesce(quiet_days, ${usual}::int) as days from problem where ticket_id = ${problem.id}) p,
      (${sql.join(newest, sql` union all `)}) i
    where i.created_at + make_interval(days => p.days) > ${tx.now}
    order by i.created_at desc, i.id desc limit 1`.execute(tx.db)
  return rows[0]
}

/** A problem closes only after a quiet period. Throws `conflict` naming the incident, and until when to wait. */
export async function demandCalm(tx: Tx, problem: Ticket): Promise<void> {
  const found = await unquiet(tx, problem)
  if (!found) return
  const { incident, days, until } = found
  throw new DeskError(
    'conflict',
    `${incident} came within the last ${days} days. The problem can be closed from ${until.toISOString()} on, if it stays quiet.`,
    { current: { incident, days, until: until.toISOString() } },
  )
}

/** What is raised as a problem: one incident, or what recurs. */
export type Cause = { incidentId: string } | { serviceId: string; symptomKey: string }

const LOOK_BACK = sql`interval '366 days'`
const MOST_LINKED = 200

/**
 * Opens a problem from an incident, or from a service and a symptom that recur, with the incidents linked to it. One
 * that is open for them already takes them in: pressing twice makes one problem.
 */
export async function raiseProblem(given: Tx, cause: Cause): Promise<{ number: string; opened: boolean }> {
  let tx = given
  let pattern: { title: string; serviceId: string | null; symptomKey: string | null; like: Ticket | null }
  if ('incidentId' in cause) {
    const locked = await lockTicket(given, cause.incidentId)
    tx = locked.tx
    const like = locked.ticket
    if (like.kind !== 'incident') throw new DeskError('conflict', 'A problem is raised from an incident.')
    pattern = { title: like.title, serviceId: like.service_id, symptomKey: like.symptom_key, like }
  } else {
    // Whoever raises the same pair at the same moment waits here, and finds the problem.
    await sql`select pg_advisory_xact_lock(hashtextextended(${`problem ${cause.serviceId} ${cause.symptomKey}`}, 0))`.execute(
      given.db,
    )
    pattern = {
      title: cause.symptomKey,
      serviceId: cause.serviceId,
      symptomKey: cause.symptomKey,
      like: null,
    }
  }
  const { serviceId, symptomKey, like } = pattern
  const { rows: incidents } = await sql<Ticket & { id: string }>`
    select * from ticket i where i.kind in ('incident', 'request') and i.state <> 'cancelled' and (${
      like ? sql`i.id = ${like.id}` : sql`false`
    } or ${
      !like && serviceId && symptomKey
        ? sql`(not i.confidential and i.service_id = ${serviceId} and i.symptom_key = ${symptomKey} and i.created_at > ${tx.now}::timestamptz(3) - ${LOOK_BACK})`
        : sql`false`
    }) order by i.created_at desc, i.id desc limit ${MOST_LINKED}`.execute(tx.db)
  const newest = incidents[0]
  if (!newest) throw new DeskError('conflict', 'No incident of this kind is known of the last year.')
  const open = await openProblemOf(tx, { serviceId, symptomKey, incidentId: like?.id ?? null })
  const [problem] = open
    ? [open]
    : await openTickets(tx, [
        {
          kind: 'problem',
          title: like ? like.title : newest.title,
          description: like?.description,
          impact: newest.impact,
          urgency: newest.urgency,
          channel: 'desk',
          serviceId,
          ciId: like?.ci_id,
          categoryId: newest.category_id,
          symptomKey,
          teamId: newest.team_id,
          reporterId: tx.actor.kind === 'person' ? tx.actor.id : null,
          confidential: like?.confidential,
          cause: { kind: 'ticket', id: newest.id },
        },
      ])
  await linkIncidents(
    tx,
    problem!.id,
    incidents.map(({ id }) => id),
  )
  return { number: problem!.number, opened: !open }
}

async function openProblemOf(
  tx: Tx,
  by: { serviceId: string | null; symptomKey: string | null; incidentId: string | null },
): Promise<{ id: string; number: string } | undefined> {
  const { rows } = await sql<{ id: string; number: string }>`
    select t.id, t.number from ticket t
    where t.kind = 'problem' and t.state not in ('resolved', 'closed', 'cancelled') and t.id in (
      select id from ticket where service_id = ${by.serviceId}::uuid and symptom_key = ${by.symptomKey}::text
      union select to_id from ticket_link where from_id = ${by.incidentId}::uuid and kind = 'caused_by' and removed_at is null)
    order by t.created_at, t.id limit 1`.execute(tx.db)
  return rows[0]
}

/** Links incidents to their problem, many at once: what stands already changes nothing, both timelines tell the rest. */
async function linkIncidents(tx: Tx, problemId: string, incidentIds: string[]): Promise<void> {
  const { rows } = await sql<{ from_id: string }>`
    insert into ticket_link (from_id, to_id, kind, author_id, created_at)
    select id, ${problemId}, 'caused_by', ${tx.actor.kind === 'person' ? tx.actor.id : null}::uuid, ${tx.now}
    from unnest(${incidentIds}::uuid[]) as i(id)
    where not exists (select from ticket_link x where x.from_id = ${problemId} and x.to_id = i.id
      and x.kind = 'caused_by' and x.removed_at is null)
    on conflict (from_id, to_id, kind) do update set removed_at = null where ticket_link.removed_at is not null
    returning from_id`.execute(tx.db)
  await recordOnTickets(
    tx,
    rows.flatMap(({ from_id }) => [linked(from_id, problemId, true), linked(problemId, from_id, false)]),
  )
}

const linked = (ticketId: string, other: string, from: boolean) => ({
  ticketId,
  verb: 'link',
  subject: { kind: 'ticket', id: ticketId },
  after: { kind: 'caused_by', other, from },
})

/** Shows the workaround beside every incident linked to the problem; those that are open hear of it. */
export async function publishWorkaround(given: Tx, input: { id: string; on: boolean }): Promise<void> {
  const { ticket, tx } = await lockTicket(given, input.id)
  if (ticket.kind !== 'problem')
    throw new DeskError('conflict', 'Only a problem has a workaround to publish.')
  const row = await tx.db
    .selectFrom('problem')
    .select(['workaround', 'published_at'])
    .where('ticket_id', '=', ticket.id)
    .executeTakeFirstOrThrow()
  if (input.on && !row.workaround)
    throw new DeskError('invalid', 'Write the workaround first.', {
      errors: [{ path: 'problem.workaround', message: 'is required' }],
    })
  if (!input.on && row.published_at === null) return
  await tx.db
    .updateTable('problem')
    .set({ published_at: input.on ? tx.now : null })
    .where('ticket_id', '=', ticket.id)
    .execute()
  const verb = input.on ? 'publish-workaround' : 'withdraw-workaround'
  await changeTicket(tx, ticket, { verb, set: {} })
  const { rows } = await sql<{ id: string }>`
    select i.id from ticket_link l join ticket i on i.id = l.from_id
    where l.to_id = ${ticket.id} and l.kind = 'caused_by' and l.removed_at is null
      and i.kind = 'incident' and i.state not in ('resolved', 'closed', 'cancelled')`.execute(tx.db)
  await recordOnTickets(
    tx,
    rows.map(({ id }) => ({
      ticketId: id,
      verb,
      subject: { kind: 'ticket', id },
      after: { other: ticket.id },
    })),
  )
}
