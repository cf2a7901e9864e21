import type { Db } from '@tocsin/db'
import { sql } from 'kysely'
import { DeskError, found, SYSTEM, transact, type Tx } from '../activity/index.ts'
import { composeEvent } from './compose.ts'
import { enqueueMessages, type OwnMessage } from './enqueue.ts'

/** How often a sign of life is expected, and how much later it may come, in seconds. */
export interface Rhythm {
  interval_s: number
  grace_s: number
}

const USUAL: Rhythm = { interval_s: 300, grace_s: 60 }
const SHORTEST_S = 10
const LONGEST_S = 31 * 86_400
const LONGEST_GRACE_S = 7 * 86_400
// The door notes an integration's last request every five seconds at most.
const NOTED_LATE_S = 5
// Three signs of the door's own that did not come.
const SHUT_AFTER_S = 15
const AT_ONCE = 100

/** The alert that we raise about a source which fell quiet; it stands among the source's own. */
export const QUIET_KEY = 'tocsin:quiet'

/** Says how often this heartbeat must be heard of; waiting begins now. */
export async function setRhythm(tx: Tx, integrationId: string, rhythm: Rhythm = USUAL): Promise<void> {
  const { interval_s, grace_s } = rhythm
  const errors = [
    ...within('heartbeat.interval_s', interval_s, SHORTEST_S, LONGEST_S),
    ...within('heartbeat.grace_s', grace_s, 0, LONGEST_GRACE_S),
  ]
  if (errors.length > 0) throw new DeskError('invalid', 'This rhythm cannot be kept.', { errors })
  if (!(await isHeartbeat(tx, integrationId)))
    throw new DeskError('invalid', 'Only a heartbeat has a rhythm.')
  await watch(tx, integrationId, rhythm)
}

/** Asks for an alert when this source is not heard of for so long; null: it may be quiet. */
export async function setQuietAlarm(tx: Tx, integrationId: string, minutes: number | null): Promise<void> {
  const most = LONGEST_S / 60
  if (minutes !== null && !(Number.isInteger(minutes) && minutes >= 1 && minutes <= most))
    throw new DeskError('invalid', 'This cannot be waited for.', {
      errors: [
        { path: 'quiet_after_minutes', message: `A whole number of minutes from 1 to ${most}, or nothing.` },
      ],
    })
  if (await isHeartbeat(tx, integrationId))
    throw new DeskError('invalid', 'A heartbeat has a rhythm instead.', {
      errors: [{ path: 'quiet_after_minutes', message: 'A heartbeat has a rhythm instead.' }],
    })
  if (minutes === null) await stopWatching(tx, integrationId)
  else await watch(tx, integrationId, { interval_s: minutes * 60, grace_s: 0 })
}

/** Nobody waits for it any more: the alert about its silence ends. */
export async function stopWatching(tx: Tx, integrationId: string): Promise<void> {
  const { rows } = await sql<Row>`
    with gone as (delete from heartbeat where integration_id = ${integrationId} returning *)
    select h.*, i.name, i.system, i.last_received_at, null as open_since
    from gone h join integration i on i.id = h.integration_id where h.missed_at is not null`.execute(tx.db)
  await enqueueMessages(
    tx,
    rows.map((row) => messageOf(row, 'unwatched', tx.now)),
  )
}

async function isHeartbeat({ db }: Tx, integrationId: string): Promise<boolean> {
  const row = await db
    .selectFrom('integration')
    .select('system')
    .where('id', '=', integrationId)
    .executeTakeFirst()
  return found(row, 'integration').system === 'heartbeat'
}

async function watch(tx: Tx, integrationId: string, { interval_s, grace_s }: Rhythm): Promise<void> {
  await sql`
    insert into heartbeat as h (integration_id, interval_s, grace_s, watched_from, due_at)
    values (${integrationId}, ${interval_s}, ${grace_s}, ${tx.now},
            ${tx.now}::timestamptz + make_interval(secs => ${interval_s + grace_s}))
    on conflict (integration_id) do update set interval_s = excluded.interval_s, grace_s = excluded.grace_s,
      watched_from = excluded.watched_from, due_at = excluded.due_at`.execute(tx.db)
}

const within = (path: string, value: number, least: number, most: number) =>
  Number.isInteger(value) && value >= least && value <= most
    ? []
    : [{ path, message: `A whole number of seconds from ${least} to ${most}.` }]

/** Each door says every few seconds that it is open; after a break, waiting for signs of life begins anew. */
export async function markDoorOpen(db: Db): Promise<void> {
  await sql`
    insert into door_watch as w (open_since, seen_at) values (tocsin_now(), tocsin_now())
    on conflict (only_row) do update set seen_at = greatest(w.seen_at, excluded.seen_at),
      open_since = case when w.seen_at < excluded.seen_at - make_interval(secs => ${SHUT_AFTER_S})
                        then excluded.seen_at else w.open_since end`.execute(db)
}

interface Row extends Rhythm {
  integration_id: string
  name: string
  system: string
  last_received_at: Date | null
  open_since: Date | null
  /** When the sign became overdue, by all that is known. */
  overdue_at: Date
  missed_at: Date | null
}

/**
 * Looks after the sources whose time has come: a sign of life that is missing fires their alert, the next one
 * ends it. Both go through the queue as messages, so that the alert has its evidence like any other. Answers how
 * many rows were taken.
 */
export const sweepHeartbeats = (db: Db): Promise<number> =>
  transact(db, SYSTEM, async (tx) => {
    const { rows } = await sql<Row & { shut: boolean }>`
      select h.integration_id, h.interval_s, h.grace_s, h.missed_at, i.name, i.system, i.last_received_at, d.open_since,
             coalesce(d.seen_at < ${tx.now}::timestamptz - make_interval(secs => ${SHUT_AFTER_S}), true) as shut,
             greatest(i.last_received_at, d.open_since, h.watched_from)
               + make_interval(secs => h.interval_s + h.grace_s + ${NOTED_LATE_S}) as overdue_at
      from heartbeat h join integration i on i.id = h.integration_id left join door_watch d on true
      where (h.missed_at is null and h.due_at <= ${tx.now}) or (h.missed_at is not null and i.last_received_at > h.missed_at)
      order by h.due_at limit ${AT_ONCE} for update of h skip locked`.execute(tx.db)
    const looked = rows.map((row) => ({ ...row, ...lookAt(row, row.shut, tx.now) }))
    await sql`
      update heartbeat h set due_at = g.due_at, missed_at = g.missed_at
      from jsonb_to_recordset(${JSON.stringify(looked)}::jsonb)
        as g(integration_id uuid, due_at timestamptz(3), missed_at timestamptz(3))
      where h.integration_id = g.integration_id`.execute(tx.db)
    await enqueueMessages(
      tx,
      looked.flatMap(({ message }) => message ?? []),
    )
    return rows.length
  })

/** What there is to do about one of them. Who was never heard of is waited for without an alarm. */
function lookAt(
  row: Row,
  shut: boolean,
  now: Date,
): { due_at: Date; missed_at: Date | null; message?: OwnMessage } {
  const after = (seconds: number) => new Date(now.getTime() + seconds * 1000)
  const wait = row.interval_s + row.grace_s
  if (row.missed_at) return { due_at: after(wait), missed_at: null, message: messageOf(row, 'resolve', now) }
  if (row.last_received_at === null) return { due_at: after(wait), missed_at: null }
  if (shut) return { due_at: after(SHUT_AFTER_S), missed_at: null }
  if (row.overdue_at > now) return { due_at: row.overdue_at, missed_at: null }
  return { due_at: row.overdue_at, missed_at: now, message: messageOf(row, 'trigger', now) }
}

/** What is said of a source, by whether it gives signs of life or sends events. */
function wordsOf(
  { system, name, interval_s, grace_s }: Row,
  said: 'trigger' | 'resolve' | 'unwatched',
  since: string,
) {
  if (system === 'heartbeat')
    return {
      trigger: {
        title: `${name}: no sign of life`,
        description: `The last sign came at ${since}; one is expected every ${interval_s} s, ${grace_s} s late at most.`,
      },
      resolve: { title: `${name}: alive again`, description: `A sign came at ${since}.` },
      unwatched: { title: `${name}: not watched any more`, description: 'Signs are awaited no more.' },
    }[said]
  return {
    trigger: {
      title: `${name}: nothing is heard of this source`,
      description: `Its last message came at ${since}; ${interval_s / 60} min of silence are the most.`,
    },
    resolve: { title: `${name}: heard of again`, description: `A message came at ${since}.` },
    unwatched: { title: `${name}: may be quiet`, description: 'Its silence is watched no more.' },
  }[said]
}

function messageOf(row: Row, said: 'trigger' | 'resolve' | 'unwatched', now: Date): OwnMessage {
  const { integration_id, interval_s, grace_s, last_received_at, open_since } = row
  const kind = said === 'trigger' ? 'trigger' : 'resolve'
  const evidence = {
    last_sign_at: last_received_at,
    expected_every_s: interval_s,
    grace_s,
    door_open_since: open_since,
    looked_at: now,
  }
  const since = last_received_at?.toISOString() ?? ''
  const { title, description } = wordsOf(row, said, since)
  const event = composeEvent(
    {
      kind,
      dedupKey: row.system === 'heartbeat' ? 'heartbeat' : QUIET_KEY,
      severity: null,
      severityAs: kind === 'trigger' ? 'critical' : 'ok',
      title,
      startsAt: kind === 'trigger' ? now.toISOString() : null,
      endsAt: said === 'trigger' ? null : said === 'resolve' ? since : now.toISOString(),
      annotations: { description },
    },
    now,
  )
  return { integrationId: integration_id, event, body: JSON.stringify(evidence) }
}
