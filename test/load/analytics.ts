// What the figures cost at a million tickets over two years: the store's own time of each question, beside the same
// question to the record. `npm run bench analytics`, or on its own: `node test/load/analytics.ts [tickets] [folder]`;
// a folder is kept, and used again the next time.
import { existsSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { createPipe, KPIS, migrateStore, openStore, type Question, reconcile } from '@tocsin/analytics'
import { connect } from '@tocsin/db'
import { startEmbeddedPostgres } from '@tocsin/db/embedded'
import { migrate } from '@tocsin/db/migrate'
import { createLog } from '@tocsin/db/process'
import { loadTwoYears, TWO_YEARS } from './two-years.ts'

const RUNS = 21
const LIMIT_MS = 150

/** Prints a table and answers whether every figure stayed within its limit. */
export async function benchAnalytics(tickets = 1_000_000, keep?: string): Promise<boolean> {
  const folder = keep ?? (await mkdtemp(join(tmpdir(), 'tocsin-bench-analytics-')))
  const log = createLog('bench', 'silent')
  const postgres = await startEmbeddedPostgres({ dir: join(folder, 'postgres'), log })
  const db = connect(postgres.url, { max: 4 })
  const store = openStore({ folder: join(folder, 'clickhouse') })
  try {
    await migrate(postgres.ownerUrl, { log, serviceUrl: postgres.url })
    await migrateStore(store)
    const pipe = createPipe(db, store, log)
    const loaded = join(folder, 'loaded')
    if (!existsSync(loaded)) {
      const [loading] = await timed(() => loadTwoYears(postgres.ownerUrl, tickets))
      print(`${tickets.toLocaleString('en')} tickets of two years loaded into the record`, loading)
      const [filling, rows] = await timed(() => pipe.rebuild())
      print(
        `${rows.toLocaleString('en')} facts filled into the store (${rate(rows, filling)} rows/s)`,
        filling,
      )
    }
    await writeFile(loaded, '')

    const ask = (by: Question['by']): Question => ({
      ...TWO_YEARS,
      by,
      zone: 'Europe/Rome',
      filter: {},
      scope: { all: true, teams: [] },
    })
    process.stdout.write(
      `\n${line(['figure', 'by', 'n', 'p50 ms', 'p95 ms', 'cpu ms', 'goal', '', 'record ms', '÷ p50'])}\n`,
    )
    let missed = 0
    for (const kpi of KPIS) {
      const undivided = kpi.dimensions.includes('none') ? 'none' : kpi.dimensions[0]
      for (const by of new Set(kpi.dimensions.filter((each) => !SKIPPED.has(each)))) {
        const question = ask(by)
        const { whole } = await kpi.fromStore(store, question)
        const times: number[] = []
        const before = process.cpuUsage()
        for (let run = 0; run < RUNS; run++)
          times.push((await timed(() => kpi.fromStore(store, question)))[0])
        // On a busy machine the clock tells more about the neighbours than about the figure.
        const { user, system } = process.cpuUsage(before)
        const cpu = (user + system) / 1000 / RUNS
        // The record is asked for the whole: a backlog at each end of 730 days takes it many minutes.
        const [inRecord] = by === undivided ? await timed(() => kpi.fromRecord(db, question)) : [undefined]
        const sorted = times.toSorted((a, b) => a - b)
        const [p50, p95] = [sorted[RUNS >> 1]!, sorted[Math.floor(RUNS * 0.95)]!]
        const kept = p95 <= LIMIT_MS
        if (!kept) missed += 1
        const beside =
          inRecord === undefined ? ['', ''] : [inRecord.toFixed(0), `${(inRecord / p50).toFixed(0)}×`]
        const cells = [
          kpi.name,
          by,
          whole.n.toLocaleString('en'),
          p50.toFixed(0),
          p95.toFixed(0),
          cpu.toFixed(0),
          `≤ ${LIMIT_MS}`,
          kept ? 'pass' : 'MISS',
          ...beside,
        ]
        process.stdout.write(`${line(cells)}\n`)
      }
    }
    process.stdout.write('\n')
    const [comparing, compared] = await timed(() => reconcile(pipe, store))
    const differences = compared?.differences.length
    print(`${compared?.checks} answers compared with the record, ${differences} differences`, comparing)
    const load = loadavg()[0]!.toFixed(1)
    process.stdout.write(
      `${missed === 0 ? 'every goal is kept' : `${missed} missed`}; load average ${load}\n`,
    )
    return missed === 0 && differences === 0
  } finally {
    await store.close()
    await db.destroy()
    await postgres.stop()
    if (!keep) await rm(folder, { recursive: true, force: true })
  }
}

// More ways of dividing by a column like those shown.
const SKIPPED = new Set<Question['by']>(['channel', 'source', 'category', 'kind', 'weekday'])

async function timed<T>(work: () => Promise<T>): Promise<[number, T]> {
  const started = performance.now()
  const result = await work()
  return [performance.now() - started, result]
}

const WIDTHS = [20, 13, 11, 8, 8, 8, 7, 6, 11, 8]
const line = (cells: string[]): string =>
  cells.map((cell, at) => (at < 2 ? cell.padEnd(WIDTHS[at]!) : cell.padStart(WIDTHS[at]!))).join('')
const rate = (rows: number, ms: number): string => Math.round(rows / (ms / 1000)).toLocaleString('en')
const print = (what: string, ms: number): void =>
  void process.stdout.write(`${(ms / 1000).toFixed(1).padStart(6)} s  ${what}\n`)

if (import.meta.main)
  process.exitCode = (await benchAnalytics(Number(process.argv[2]) || undefined, process.argv[3])) ? 0 : 1
