import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import type { Db } from '@tocsin/db'
import { sql } from 'kysely'
import { anIntegration } from '../harness/door.ts'
import { startProcess } from '../harness/own-process.ts'
import { percentile, tell } from './figures.ts'
import type { Flood, Flooded } from './flood.ts'
import { type OwnPostgres, overPostgres } from './own-postgres.ts'
import { coresDuring } from './processes.ts'

// A source that sends a little and steadily, alone and beside one that sends as fast as it is answered: once beyond
// what its administrator allows it, once with the usual allowance. Alone and beside in turn, so that both see the same
// machine; and while the same flood goes elsewhere, which tells what the machine itself takes.
const SHORT = process.argv.includes('--short')
const SECONDS = SHORT ? 4 : 15
const TURNS = 3
const STEADY_RATE = 100
const FLOOD_CONNECTIONS = 64
const ALLOWED = 200
const LIMIT = 1.2

const alert = (name: string) => JSON.stringify({ title: `${name} fails`, dedup_key: name, severity: 'error' })

/** How long each of its requests took; one that was not taken, for ever. */
async function steady(url: string): Promise<number[]> {
  const took: Promise<number>[] = []
  const began = performance.now()
  for (let n = 0; n < SECONDS * STEADY_RATE; n++) {
    const early = began + (n / STEADY_RATE) * 1_000 - performance.now()
    if (early > 0) await new Promise((resolve) => setTimeout(resolve, early))
    took.push(request(url))
  }
  return Promise.all(took)
}

async function request(url: string): Promise<number> {
  const sent = performance.now()
  const answer = await fetch(url, { method: 'POST', body: alert('steady') })
  await answer.arrayBuffer()
  return answer.ok ? performance.now() - sent : Infinity
}

/** Floods this address, or nobody, and answers what it was told a second. */
async function flood(generator: ChildProcess, url?: string, rate?: number): Promise<Flooded> {
  const asked: Flood = { url, body: alert('flood'), connections: FLOOD_CONNECTIONS, seconds: SECONDS, rate }
  generator.send(asked)
  return ((await once(generator, 'message')) as [Flooded])[0]
}

async function anAllowedSource(db: Db, allowed: number | null): Promise<string> {
  const { id, key } = await anIntegration(db)
  await sql`
    update integration set settings = settings || jsonb_strip_nulls(jsonb_build_object('requests_per_second', ${allowed}::int))
    where id = ${id}`.execute(db)
  return key
}

async function measure({ db, url, pid }: OwnPostgres): Promise<boolean> {
  const [door, engine] = await Promise.all([startProcess('ingest', url), startProcess('engine', url)])
  const generator = fork(fileURLToPath(new URL('./flood.ts', import.meta.url)))
  try {
    await once(generator, 'message')
    const address = (key: string) => `${door.url}/v1/events/${key}`
    const quiet = address((await anIntegration(db)).key)
    const pids = { door: door.pid(), engine: engine.pid(), PostgreSQL: pid, flood: generator.pid! }
    await steady(quiet)
    let kept = true
    for (const allowed of [ALLOWED, null]) {
      const loud = address(await anAllowedSource(db, allowed))
      const p99s: Record<'alone' | 'beside' | 'elsewhere', number[]> = {
        alone: [],
        beside: [],
        elsewhere: [],
      }
      let words = ''
      for (let turn = 0; turn < TURNS; turn++) {
        p99s.alone.push(percentile(await steady(quiet), 0.99))
        const { done, cores } = await coresDuring(pids, () =>
          Promise.all([steady(quiet), flood(generator, loud)]),
        )
        const [took, { taken, refused }] = done
        p99s.beside.push(percentile(took, 0.99))
        const same = await Promise.all([steady(quiet), flood(generator, undefined, taken + refused)])
        p99s.elsewhere.push(percentile(same[0], 0.99))
        words = `of the flood ${taken} a second taken, ${refused} refused; cores: ${cores}`
      }
      const median = (name: keyof typeof p99s) => percentile(p99s[name], 0.5)
      const figure = {
        figure: `p99 beside a flood ${allowed ? `beyond ${allowed} requests/s` : 'within the usual allowance'}`,
        measured: Number((median('beside') / median('alone')).toFixed(2)),
        unit: '×',
        most: LIMIT,
      }
      const ms = (name: keyof typeof p99s) => `${median(name).toFixed(1)} ms`
      kept =
        tell(
          figure,
          `${ms('beside')}, ${ms('alone')} alone, ${ms('elsewhere')} while the flood goes elsewhere; ${words}`,
        ) && kept
    }
    return kept
  } finally {
    generator.kill()
    await Promise.all([door.stop(), engine.stop()])
  }
}

export const benchNeighbours = (): Promise<boolean> => overPostgres(measure)

if (import.meta.main) process.exitCode = (await benchNeighbours()) ? 0 : 1
