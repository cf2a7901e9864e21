import type { Db } from '@tocsin/db'
import { sql } from 'kysely'
import { transact, type Tx } from '../activity/index.ts'
import { OPEN_STATES, resolveTicket } from '../ticket/index.ts'

// Whether what the rule asks of a ticket's alerts, aliased t, holds: all of them over, the first, or the last. Of one
// that stands in another ticket now the opening that stood here is over.
const CALM = sql<boolean>`case coalesce((select c.resolve_on from correlated_ticket c where c.ticket_id = t.id), 'all')
  when 'never' then false
  when 'all' then not exists (select from alert a where a.ticket_id = t.id and (a.status <> 'resolved' or a.flapping))
  when 'first' then exists (select from (
    select a.status, a.flapping, a.ticket_id from alert_link l join alert a on a.id = l.alert_id
    where l.ticket_id = t.id and l.detached_at is null order by l.linked_at, l.id limit 1) a
    where a.ticket_id is distinct from t.id or a.status = 'resolved' and not a.flapping)
  else exists (select from (
    select a.status, a.flapping, a.ticket_id from alert_link l join alert a on a.id = l.alert_id
    where l.ticket_id = t.id and l.detached_at is null order by l.linked_at desc, l.id desc limit 1) a
    where a.ticket_id is distinct from t.id or a.status = 'resolved' and not a.flapping)
  end`

/**
 * Of these incidents, those whose alerts have all recovered get a due time, and those that fire again lose
 * theirs. The tickets are locked by the caller.
 */
export async function scheduleRecoveries(tx: Tx, ticketIds: string[], holdMs: number): Promise<void> {
  if (ticketIds.length === 0) return
  await sql`
    with touched as (
      select t.id, ${CALM} as calm
      from ticket t where t.id = any(${ticketIds}::uuid[]) and t.state = any(${[...OPEN_STATES]})
    ), fires as (
      delete from recovery r using touched t where r.ticket_id = t.id and not t.calm
    )
    insert into recovery (ticket_id, due_at, created_at)
    select id, ${tx.now}::timestamptz + make_interval(secs => ${holdMs / 1000}), ${tx.now} from touched where calm
    on conflict (ticket_id) do nothing`.execute(tx.db)
}

/** How long all alerts of a ticket must stay quiet before it resolves by itself. */
export async function readRecoveryHold(tx: Tx): Promise<number> {
  const { rows } = await sql<{ ms: number }>`
    select coalesce((select (value #>> '{}')::int from setting where key = 'recovery_hold_ms'), 15000) as ms`.execute(
    tx.db,
  )
  return rows[0]!.ms
}

const AT_ONCE = 100

/**
 * Resolves incidents whose hold has passed without an alert firing again, acknowledged or not. Answers how
 * many due rows were taken. An engine that races finds the rows locked and goes on.
 */
export async function sweepRecoveries(db: Db): Promise<number> {
  let taken = 0
  while (taken < AT_ONCE && (await recoverNext(db))) taken++
  return taken
}

const recoverNext = (db: Db): Promise<boolean> =>
  transact(db, { kind: 'rule', id: null }, async (tx) => {
    const { rows } = await sql<{
      ticket_id: string
      open: boolean
      alerts: number
      calm: boolean
      last: string | null
      hold: number
      due: Date
    }>`
      select r.ticket_id, t.state = any(${[...OPEN_STATES]}) as open,
             (select count(*) from alert a where a.ticket_id = t.id) as alerts,
             ${CALM} as calm,
             (select a.id from alert a where a.ticket_id = t.id order by a.last_event_at desc limit 1) as last,
             extract(epoch from r.due_at - r.created_at) * 1000 as hold, r.due_at as due
      from recovery r join ticket t on t.id = r.ticket_id
      where r.due_at <= ${tx.now} order by r.due_at limit 1
      for update of t, r skip locked`.execute(tx.db)
    const due = rows[0]
    if (!due) return false
    await tx.db.deleteFrom('recovery').where('ticket_id', '=', due.ticket_id).execute()
    if (due.open && due.calm)
      await resolveTicket(tx, {
        id: due.ticket_id,
        code: 'recovered',
        ...(due.last && { cause: { kind: 'alert', id: due.last } }),
        why: {
          rule: 'recovery',
          alerts: due.alerts,
          hold_ms: Math.round(Number(due.hold)),
          due_at: due.due.toISOString(),
        },
      })
    return true
  })
