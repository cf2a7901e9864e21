import { setTimeout as pause } from 'node:timers/promises'
import { startProcess } from '../harness/own-process.ts'
import { aftermath, failElsewhere, isPaged, sendStorm, stormySource } from '../harness/storm.ts'
import { until } from '../harness/until.ts'
import { tell } from './figures.ts'
import { type OwnPostgres, overPostgres } from './own-postgres.ts'
import { memoryOf } from './processes.ts'

// A storm by one source, and in the midst of it other trouble that must be heard; what it leaves behind.
const STORM = process.argv.includes('--short')
  ? { alerts: 10_000, keys: 2_000, seconds: 30 }
  : { alerts: 100_000, keys: 2_000, seconds: 300 }
const LIMITS = { pageSeconds: 5, incidents: 25, growth: 1.25 }
const LOOK_MS = 1_000

async function measure({ db, url }: OwnPostgres): Promise<boolean> {
  const [door, engine] = await Promise.all([startProcess('ingest', url), startProcess('engine', url)])
  const looking = new AbortController()
  try {
    const source = await stormySource(db)
    const address = `${door.url}/v1/events/${source.key}`
    let heardAfter = Infinity
    const memory: number[] = []
    const watching = (async () => {
      while (!looking.signal.aborted) {
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
    looking.abort()
    await watching
    // The first tenth warms the processes up: what they hold after it, they hold to the end.
    const part = (from: number, to: number) => {
      const seen = memory.slice(memory.length * from, memory.length * to)
      return seen.reduce((sum, one) => sum + one, 0) / seen.length
    }
    const lost = STORM.alerts + 1 - Math.min(left.received, left.heard)
    const setting = `${STORM.alerts} alerts in ${STORM.seconds} s over ${STORM.keys} keys, ${left.unplaced} of them in no ticket; account ${left.balanced ? 'balanced' : 'NOT BALANCED'}`
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
          measured: Number((part(0.5, 1) / part(0.1, 0.5)).toFixed(2)),
          unit: '×',
          most: LIMITS.growth,
        },
        `${Math.max(...memory)} MB at most, ${Math.round(part(0.1, 0.2))} MB in its second tenth, ${Math.round(part(0.9, 1))} MB in its last`,
      ),
    ]
    return left.balanced && left.unplaced === 0 && figures.every(Boolean)
  } finally {
    looking.abort()
    await Promise.all([door.stop(), engine.stop()])
  }
}

export const benchStorm = (): Promise<boolean> => overPostgres(measure)

if (import.meta.main) process.exitCode = (await benchStorm()) ? 0 : 1
