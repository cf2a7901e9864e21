import type { Db } from '@tocsin/db'
import { sql } from 'kysely'
import { transact, type Tx } from '../activity/index.ts'
import { OPEN_STATES, resolveTicket } from '../ticket/index.ts'

/**
 * Of these incidents, those whose alerts have all recovered get a due time, and those that fire again lose
 * theirs. The tickets are locked by the caller.
 */
export async function scheduleRecoveries(tx: Tx, ticketIds: string[], holdMs: number): Promise<void> {
  if (ticketIds.length === 0) return
  await sql`
    with touched as (
      select t.id, not exists (select from alert a where a.ticket_id = t.id and (a.status <> 'resolved' or a.flapping)) as calm
      from ticket t where t.id = any(${ticketIds}::uuid[]) and t.state = any(${[...OPEN_STATES]})
    ), fires as (
      delete from recovery r using touched t where r.ticket_id = t.id and not t.calm
    )
    insert into recovery (ticket_id, due_at, created_at)
    select id, ${tx.now}::timestamptz + make_interval(secs => ${holdMs / 1000}), ${tx.now} from touched where calm
    on conflict (ticket_id) do nothing`.execute(tx.db)
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
      firing: number
      last: string | null
      hold: number
    }>`
      select r.ticket_id, t.state = any(${[...OPEN_STATES]}) as open,
             (select count(*) from alert a where a.ticket_id = t.id) as alerts,
             (select count(*) from alert a where a.ticket_id = t.id and (a.status <> 'resolved' or a.flapping)) as firing,
             (select a.id from alert a where a.ticket_id = t.id order by a.last_event_at desc limit 1) as last,
             extract(epoch from r.due_at - r.created_at) * 1000 as hold
      from recovery r join ticket t on t.id = r.ticket_id
      where r.due_at <= ${tx.now} order by r.due_at limit 1
      for update of t, r skip locked`.execute(tx.db)
    const due = rows[0]
    if (!due) return false
    await tx.db.deleteFrom('recovery').where('ticket_id', '=', due.ticket_id).execute()
    if (due.open && Number(due.firing) === 0)
      await resolveTicket(tx, {
        id: due.ticket_id,
        code: 'recovered',
        ...(due.last && { cause: { kind: 'alert', id: due.last } }),
        why: { rule: 'recovery', alerts: due.alerts, hold_ms: Math.round(Number(due.hold)) },
      })
    return true
  })
