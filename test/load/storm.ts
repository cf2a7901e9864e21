import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { connect } from '@tocsin/db'
import { startEmbeddedPostgres } from '@tocsin/db/embedded'
import { migrate } from '@tocsin/db/migrate'
import { pino } from 'pino'
import { startProcess } from '../harness/own-process.ts'
import { aftermath, failElsewhere, isPaged, sendStorm, stormySource } from '../harness/storm.ts'
import { until } from '../harness/until.ts'
import { tell } from './figures.ts'
import { memoryOf } from './processes.ts'

// A storm by one source, and in the midst of it other trouble that must be heard; what it leaves behind.
const STORM = process.argv.includes('--short')
  ? { alerts: 10_000, keys: 2_000, seconds: 30 }
  : { alerts: 100_000, keys: 2_000, seconds: 300 }
const LIMITS = { pageSeconds: 5, incidents: 25, growth: 1.25 }
const LOOK_MS = 1_000

export async function benchStorm(): Promise<boolean> {
  const dir = await mkdtemp(join(tmpdir(), 'tocsin-bench-'))
  const log = pino({ level: 'silent' })
  const server = await startEmbeddedPostgres({ dir, log })
  await migrate(server.ownerUrl, { log, serviceUrl: server.url })
  const db = connect(server.url, { max: 4 })
  const [door, engine] = await Promise.all([
    startProcess('ingest', server.url),
    startProcess('engine', server.url),
  ])
  try {
    const source = await stormySource(db)
    const address = `${door.url}/v1/events/${source.key}`
    let heardAfter = Infinity
    const memory: number[] = []
    let over = false
    const looking = (async () => {
      while (!over) {
        memory.push(memoryOf(door.pid()) + memoryOf(engine.pid()))
        await pause(LOOK_MS)
      }
    })()
    await sendStorm(address, STORM, async () => {
      const began = performance.now()
      const key = await failElsewhere(address)
      await until(() => isPaged(db, source.id, key), {
        deadline: 120_000,
        what: 'the other trouble is heard',
      })
      heardAfter = performance.now() - began
    })
    const left = await until(
      async () => {
        const seen = await aftermath(db, source.id)
        return seen.waiting === 0 ? seen : undefined
      },
      { deadline: 120_000, what: 'the storm is decided' },
    )
    over = true
    await looking
    // The first tenth warms the processes up: what they hold after it, they hold to the end.
    const half = (from: number, to: number) => {
      const part = memory.slice(memory.length * from, memory.length * to)
      return part.reduce((sum, one) => sum + one, 0) / part.length
    }
    const lost = STORM.alerts + 1 - left.heard
    const setting = `${STORM.alerts} alerts in ${STORM.seconds} s over ${STORM.keys} keys; account ${left.balanced ? 'balanced' : 'NOT BALANCED'}`
    const figures = [
      tell({ figure: 'lost in the storm', measured: lost, unit: 'alerts', most: 0 }, setting),
      tell({ figure: 'incidents of the storm', measured: left.incidents, unit: '', most: LIMITS.incidents }),
      tell({
        figure: 'other trouble in its midst, to its first page',
        measured: Number((heardAfter / 1_000).toFixed(2)),
        unit: 's',
        most: LIMITS.pageSeconds,
      }),
      tell(
        {
          figure: 'memory of door and engine, second half of the storm to the first',
          measured: Number((half(0.5, 1) / half(0.1, 0.5)).toFixed(2)),
          unit: '×',
          most: LIMITS.growth,
        },
        `${Math.max(...memory)} MB at most`,
      ),
    ]
    return left.balanced && figures.every(Boolean)
  } finally {
    await Promise.all([door.stop(), engine.stop()])
    await db.destroy()
    await server.stop()
    await rm(dir, { recursive: true, force: true })
  }
}

if (import.meta.main) process.exitCode = (await benchStorm()) ? 0 : 1
