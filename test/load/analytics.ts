// What the figures cost at a million tickets over two years: the store's own time of each question, beside the same
// question to the record. `npm run bench analytics`, or on its own: `node test/load/analytics.ts [tickets]`.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createPipe, KPIS, migrateStore, openStore, type Question, reconcile } from '@tocsin/analytics'
import { connect } from '@tocsin/db'
import { startEmbeddedPostgres } from '@tocsin/db/embedded'
import { migrate } from '@tocsin/db/migrate'
import { createLog } from '@tocsin/db/process'
import { loadTwoYears } from './two-years.ts'

const RUNS = 9
const LIMIT_MS = 150

/** Prints a table and answers whether every figure stayed within its limit. */
export async function benchAnalytics(tickets = 1_000_000): Promise<boolean> {
  const folder = await mkdtemp(join(tmpdir(), 'tocsin-bench-analytics-'))
  const log = createLog('bench', 'silent')
  const postgres = await startEmbeddedPostgres({ dir: join(folder, 'postgres'), log })
  const db = connect(postgres.url, { max: 4 })
  const store = openStore({ folder: join(folder, 'clickhouse') })
  try {
    await migrate(postgres.ownerUrl, { log, serviceUrl: postgres.url })
    const [loading, history] = await timed(() => loadTwoYears(postgres.ownerUrl, tickets))
    print(`${tickets.toLocaleString('en')} tickets of two years loaded into the record`, loading)
    await migrateStore(store)
    const pipe = createPipe(db, store, log)
    const [filling, rows] = await timed(() => pipe.rebuild())
    print(`${rows.toLocaleString('en')} facts filled into the store (${rate(rows, filling)} rows/s)`, filling)

    const ask = (by: Question['by']): Question => ({
      from: history.from,
      to: history.to,
      by,
      zone: 'Europe/Rome',
      filter: {},
      scope: { all: true, teams: [] },
    })
    process.stdout.write(
      `\n${line(['figure', 'by', 'n', 'p50 ms', 'worst ms', 'cpu ms', 'record ms', 'record ÷ p50'])}\n`,
    )
    let within = true
    for (const kpi of KPIS)
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
        const [inRecord] =
          by === kpi.dimensions[0] ? await timed(() => kpi.fromRecord(db, question)) : [undefined]
        const sorted = times.toSorted((a, b) => a - b)
        const [p50, worst] = [sorted[RUNS >> 1]!, sorted.at(-1)!]
        within &&= p50 <= LIMIT_MS
        const beside =
          inRecord === undefined ? ['', ''] : [inRecord.toFixed(0), `${(inRecord / p50).toFixed(0)}×`]
        const cells = [
          kpi.name,
          by,
          whole.n.toLocaleString('en'),
          p50.toFixed(0),
          worst.toFixed(0),
          cpu.toFixed(0),
          ...beside,
        ]
        process.stdout.write(`${line(cells)}\n`)
      }
    const [comparing, compared] = await timed(() => reconcile(pipe, store))
    process.stdout.write('\n')
    print(
      `${compared?.checks} answers compared with the record, ${compared?.differences.length} differences`,
      comparing,
    )
    process.stdout.write(`each figure over two years within ${LIMIT_MS} ms: ${within ? 'yes' : 'NO'}\n`)
    return within && compared?.differences.length === 0
  } finally {
    await store.close()
    await db.destroy()
    await postgres.stop()
    await rm(folder, { recursive: true, force: true })
  }
}

// Two more ways of dividing by a column like those shown.
const SKIPPED = new Set<Question['by']>(['channel', 'source', 'weekday'])

async function timed<T>(work: () => Promise<T>): Promise<[number, T]> {
  const started = performance.now()
  const result = await work()
  return [performance.now() - started, result]
}

const WIDTHS = [20, 9, 11, 8, 10, 8, 11, 14]
const line = (cells: string[]): string =>
  cells.map((cell, at) => (at < 2 ? cell.padEnd(WIDTHS[at]!) : cell.padStart(WIDTHS[at]!))).join('')
const rate = (rows: number, ms: number): string => Math.round(rows / (ms / 1000)).toLocaleString('en')
const print = (what: string, ms: number): void =>
  void process.stdout.write(`${(ms / 1000).toFixed(1).padStart(6)} s  ${what}\n`)

if (import.meta.main) process.exitCode = (await benchAnalytics(Number(process.argv[2]) || undefined)) ? 0 : 1
