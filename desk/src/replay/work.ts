import { Worker } from 'node:worker_threads'
import type { Db } from '@tocsin/db'
import { sql } from 'kysely'
import { DeskError } from '../activity/index.ts'
import type { RulesetBody } from '../correlation/index.ts'
import type { Difference } from './compare.ts'
import { replay } from './replay.ts'

const LEASE_S = 60
const ATTEMPTS = 3
const TOLD_EVERY_MS = 500
const MOST_TOLD = 10_000
const CHUNK = 1_000

/**
 * Takes the oldest replay that waits, or whose engine has died, and runs it in a thread of its own: what wakes people
 * goes on undisturbed. Answers how many were taken.
 */
export async function sweepReplays(db: Db, databaseUrl: string, signal: AbortSignal): Promise<number> {
  const { rows } = await sql<{ id: string; attempts: number }>`
    with next as (
      select id from replay
      where state = 'waiting' or (state = 'running' and lease_until < tocsin_now())
      order by created_at limit 1 for update skip locked
    )
    update replay r set attempts = r.attempts + 1, done_events = 0, done_to = null,
      state = case when r.attempts >= ${ATTEMPTS} then 'failed' else 'running' end,
      error = case when r.attempts >= ${ATTEMPTS} then 'interrupted' end,
      lease_until = tocsin_now() + make_interval(secs => ${LEASE_S})
    from next where r.id = next.id returning r.id, r.attempts`.execute(db)
  const taken = rows[0]
  if (!taken) return 0
  if (taken.attempts <= ATTEMPTS) await inThread(databaseUrl, taken.id, signal)
  return 1
}

function inThread(databaseUrl: string, id: string, signal: AbortSignal): Promise<void> {
  const thread = new Worker(new URL('thread.ts', import.meta.url), {
    workerData: { databaseUrl, id },
    execArgv: [],
  })
  const stop = () => void thread.terminate()
  signal.addEventListener('abort', stop, { once: true })
  return new Promise<void>((resolve, reject) => {
    thread.once('error', reject)
    thread.once('exit', () => resolve())
  }).finally(() => signal.removeEventListener('abort', stop))
}

interface Row {
  from_at: Date
  to_at: Date
  body: RulesetBody
}

/** Runs a replay that was taken, tells how far it is, and keeps what came of it. */
export async function workReplay(db: Db, id: string): Promise<void> {
  const { rows } = await sql<Row>`
    select from_at, to_at, body from replay where id = ${id} and state = 'running'`.execute(db)
  const asked = rows[0]
  if (!asked) return
  let told = 0
  const progress = async ({ events, at }: { events: number; at: Date }) => {
    if (Date.now() - told < TOLD_EVERY_MS) return true
    told = Date.now()
    const { rows: going } = await sql`
      update replay set done_events = ${events}, done_to = ${at}, lease_until = tocsin_now() + make_interval(secs => ${LEASE_S})
      where id = ${id} and state = 'running' returning id`.execute(db)
    return going.length > 0
  }
  try {
    const result = await replay(db, { from: asked.from_at, to: asked.to_at, rules: asked.body }, progress)
    if (!result) return
    const { differences, differences_beyond, ...figures } = result
    await db.transaction().execute(async (trx) => {
      await sql`delete from replay_difference where replay_id = ${id}`.execute(trx)
      const kept = differences.slice(0, MOST_TOLD)
      for (let place = 0; place < kept.length; place += CHUNK)
        await keep({ db: trx, id, place }, kept.slice(place, place + CHUNK))
      const whole = { ...figures, differences: differences.length + differences_beyond, listed: kept.length }
      await sql`
        update replay set state = 'done', finished_at = tocsin_now(), done_events = ${result.events}, done_to = to_at,
          lease_until = null, result = ${JSON.stringify(whole)}::jsonb
        where id = ${id} and state = 'running'`.execute(trx)
    })
  } catch (error) {
    // Retention may have dropped the period since it was asked for.
    const why = error instanceof DeskError ? 'not-kept' : 'fault'
    await sql`
      update replay set state = 'failed', finished_at = tocsin_now(), lease_until = null, error = ${why}
      where id = ${id} and state = 'running'`.execute(db)
    if (why === 'fault') throw error
  }
}

async function keep(
  { db, id, place }: { db: Db; id: string; place: number },
  differences: Difference[],
): Promise<void> {
  const given = differences.map(({ opening, at, was, would, paged }, index) => ({
    place: place + index,
    at: new Date(at).toISOString(),
    ...partsOf(opening),
    body: { episode: Number(opening.split(' ', 1)[0]), was, would, paged },
  }))
  await sql`
    insert into replay_difference (replay_id, place, alert_id, at, body)
    select ${id}, g.place, a.id, g.at, g.body
    from jsonb_to_recordset(${JSON.stringify(given)}::jsonb)
      as g(place int, at timestamptz, integration uuid, key text, body jsonb)
    left join alert a on a.integration_id = g.integration and a.dedup_key = g.key`.execute(db)
}

/** `episode integration key`, as an opening is called. */
function partsOf(opening: string): { integration: string; key: string } {
  const [, integration = '', ...key] = opening.split(' ')
  return { integration, key: key.join(' ') }
}
