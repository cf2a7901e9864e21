// What every reading of the API costs at a million tickets: each GET that it describes, as four roles, and the questions
// that its lists are asked. `npm run bench reads`, or on its own: `node test/load/reads.ts [tickets] [folder]`; a folder
// is kept, also that of `queue.ts`.
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { connect, type Db } from '@tocsin/db'
import { startEmbeddedPostgres } from '@tocsin/db/embedded'
import { migrate } from '@tocsin/db/migrate'
import { createLog } from '@tocsin/db/process'
import { sweepForecasts, sweepStalled } from '@tocsin/desk'
import { testApi, type TestApi } from '../harness/api.ts'
import { readings } from '../harness/readings.ts'
import { fillBeside } from './beside-tickets.ts'
import { keyOf } from './demo.ts'
import { at, load, say, timed } from './queue.ts'

const RUNS = 9
const LIMIT_MS = 100
/** What took too long for its reader. */
const GIVEN_UP = 503
const ROLES = ['administrator', 'manager', 'agent', 'employee']

/** Prints every reading and answers whether each p95 stayed within the limit. */
export async function benchReads(tickets = 1_000_000, keep?: string): Promise<boolean> {
  const folder = keep ?? (await mkdtemp(join(tmpdir(), 'tocsin-bench-reads-')))
  await mkdir(folder, { recursive: true })
  const log = createLog('bench', 'silent')
  const postgres = await startEmbeddedPostgres({ dir: join(folder, 'postgres'), log })
  const db = connect(postgres.url, { max: 4 })
  try {
    await migrate(postgres.ownerUrl, { log, serviceUrl: postgres.url })
    await once(join(folder, 'loaded'), () => load(postgres.ownerUrl, folder, tickets))
    await once(join(folder, 'beside'), () => fillBeside(postgres.ownerUrl, say))
    await sweepForecasts(db)
    await sweepStalled(db)
    return await readAll(db, folder)
  } finally {
    await db.destroy()
    await postgres.stop()
    if (!keep) await rm(folder, { recursive: true, force: true })
  }
}

async function once(mark: string, work: () => Promise<unknown>): Promise<void> {
  if (!existsSync(mark)) await work()
  await writeFile(mark, '')
}

export async function readAll(db: Db, folder: string): Promise<boolean> {
  const api = testApi(db)
  const keys = await Promise.all(ROLES.map((role) => keyOf(db, folder, role)))
  const { paths, none } = await readings(api, keys[0]!)
  process.stdout.write(`p95 in ms as ${ROLES.join(', ')}; nothing there is of ${none.join(', ')}\n\n`)
  let [missed, read] = [0, 0]
  for (const path of paths) {
    // oxlint-disable-next-line no-await-in-loop -- one after the other is what is measured
    const worst = await readAs(api, keys, path)
    if (worst === undefined) continue
    read += 1
    if (worst > LIMIT_MS) missed += 1
  }
  process.stdout.write(
    `\n${read} readings, ${missed} over ${LIMIT_MS} ms; load average ${loadavg()[0]!.toFixed(1)}\n`,
  )
  return missed === 0
}

/** The p95 of the slowest role; undefined where none of them may read it, or it wants to be asked something. */
async function readAs(api: TestApi, keys: string[], path: string): Promise<number | undefined> {
  const cells: string[] = []
  let worst: number | undefined
  for (const key of keys) {
    const took: number[] = []
    for (let run = -1; run < RUNS; run++) {
      // oxlint-disable-next-line no-await-in-loop -- one after the other is what is measured
      const [ms, status] = await timed(async () => {
        const answer = await api.call(key, 'GET', `/api/v1${path}`)
        await answer.arrayBuffer()
        return answer.status
      })
      if (status === GIVEN_UP) took.push(Infinity)
      else if (status >= 500) throw new Error(`${path} answered ${status}`)
      if (status !== 200) break
      if (run >= 0) took.push(ms)
    }
    const p95 = at(
      took.toSorted((a, b) => a - b),
      0.95,
    )
    if (p95 !== undefined) worst = Math.max(worst ?? 0, p95)
    cells.push((p95 === undefined ? '·' : p95.toFixed(0)).padStart(7))
  }
  if (worst === undefined) return undefined
  process.stdout.write(
    `${path.slice(0, 90).padEnd(92)}${cells.join('')}  ${worst > LIMIT_MS ? 'MISS' : 'pass'}\n`,
  )
  return worst
}

if (import.meta.main)
  process.exitCode = (await benchReads(Number(process.argv[2]) || undefined, process.argv[3])) ? 0 : 1
