import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connect } from '@tocsin/db'
import { startEmbeddedPostgres } from '@tocsin/db/embedded'
import { migrate } from '@tocsin/db/migrate'
import autocannon from 'autocannon'
import { sql } from 'kysely'
import { pino } from 'pino'
import { anIntegration } from '../harness/door.ts'
import { startProcess } from '../harness/own-process.ts'
import { percentile, tell } from './figures.ts'

// A source that sends a little and steadily, alone and beside one that sends as fast as it is answered: once within
// what its administrator allows it, once with the usual allowance. Alone and beside in turn, so that both see the same machine.
const SHORT = process.argv.includes('--short')
const SECONDS = SHORT ? 4 : 15
const TURNS = 2
const STEADY_RATE = 100
const FLOOD_CONNECTIONS = 64
const ALLOWED = 200
const LIMIT = 1.2

const alert = (name: string) => JSON.stringify({ title: `${name} fails`, dedup_key: name, severity: 'error' })

/** How long each of its requests took. */
async function steady(url: string): Promise<number[]> {
  const took: Promise<number>[] = []
  const began = performance.now()
  for (let n = 0; n < SECONDS * STEADY_RATE; n++) {
    const early = began + (n / STEADY_RATE) * 1_000 - performance.now()
    if (early > 0) await new Promise((resolve) => setTimeout(resolve, early))
    took.push(once(url))
  }
  return Promise.all(took)
}

async function once(url: string): Promise<number> {
  const sent = performance.now()
  const answer = await fetch(url, { method: 'POST', body: alert('steady') })
  await answer.arrayBuffer()
  if (!answer.ok) throw new Error(`The steady source was answered ${answer.status}.`)
  return performance.now() - sent
}

export async function benchNeighbours(): Promise<boolean> {
  const dir = await mkdtemp(join(tmpdir(), 'tocsin-bench-'))
  const log = pino({ level: 'silent' })
  const server = await startEmbeddedPostgres({ dir, log })
  await migrate(server.ownerUrl, { log, serviceUrl: server.url })
  const db = connect(server.url, { max: 2 })
  const door = await startProcess('ingest', server.url)
  const p99 = async (flood: string | undefined): Promise<number> => {
    const flooding =
      flood &&
      autocannon({
        url: flood,
        method: 'POST',
        body: alert('flood'),
        connections: FLOOD_CONNECTIONS,
        duration: SECONDS + 1,
        // On an event loop of its own: what is measured is the door, not two senders that wait for each other.
        workers: 1,
      })
    const took = await steady(url)
    await flooding
    await sql`delete from receipt_waiting`.execute(db)
    return percentile(took, 0.99)
  }
  const source = await anIntegration(db)
  const url = `${door.url}/v1/events/${source.key}`
  try {
    await p99(undefined)
    let kept = true
    for (const allowed of [ALLOWED, null]) {
      const flooder = await anIntegration(db)
      await sql`
        update integration set settings = settings || jsonb_strip_nulls(jsonb_build_object('requests_per_second', ${allowed}::int))
        where id = ${flooder.id}`.execute(db)
      const flood = `${door.url}/v1/events/${flooder.key}`
      const alone: number[] = []
      const beside: number[] = []
      for (let turn = 0; turn < TURNS; turn++) {
        alone.push(await p99(undefined))
        beside.push(await p99(flood))
      }
      const [before, during] = [Math.min(...alone), Math.min(...beside)]
      const figure = {
        figure: `p99 beside a flood ${allowed ? `beyond ${allowed} requests/s` : 'within the usual allowance'}`,
        measured: Number((during / before).toFixed(2)),
        unit: '×',
        most: LIMIT,
      }
      kept = tell(figure, `${during.toFixed(1)} against ${before.toFixed(1)} ms alone`) && kept
    }
    return kept
  } finally {
    await door.stop()
    await db.destroy()
    await server.stop()
    await rm(dir, { recursive: true, force: true })
  }
}

if (import.meta.main) process.exitCode = (await benchNeighbours()) ? 0 : 1
