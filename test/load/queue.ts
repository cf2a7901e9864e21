// What the queue, a ticket's page and the search cost at a million tickets: the whole way through the API's own code,
// without a socket. `npm run bench queue`, or on its own: `node test/load/queue.ts [tickets]`.
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connect } from '@tocsin/db'
import { seedDemo } from '@tocsin/db/demo'
import { startEmbeddedPostgres } from '@tocsin/db/embedded'
import { migrate } from '@tocsin/db/migrate'
import { createLog } from '@tocsin/db/process'
import {
  addWorking,
  createApiKey,
  decideClock,
  hashPassword,
  mintKey,
  SYSTEM,
  SYSTEMS,
  transact,
  whoIsOn,
} from '@tocsin/desk'
import { testApi } from '../harness/api.ts'
import { multiplyTickets } from './million-tickets.ts'

const RUNS = 25
const LIMITS = { queue: 100, ticket: 60, search: 150 }

interface Case {
  kind: keyof typeof LIMITS
  name: string
  path: string
}

const QUEUE = [
  'sort=-created',
  'sort=-updated',
  'state=open&sort=priority',
  'state=open&sort=due',
  'state=open&sort=-created',
  'state=open&team=mine&sort=priority',
  'state=open&assignee=me',
  'state=open&assignee=none&sort=priority',
  'state=open&priority=P1,P2&sort=due',
  'sla=at_risk&sort=due',
  'state=open&sla=breached&sort=due',
  'kind=request&state=pending&sort=-updated',
  'kind=incident&priority=P1&sort=-created',
  'service=payments&sort=-created',
  'team=Databases&sort=-created',
  'symptom=DiskNearlyFull&service=databases',
  'state=closed&priority=P5&sort=-updated',
]
const SEARCH = [
  'laptop',
  'vpn disconn',
  'disk postgresql',
  'imprimante étage',
  'sw-mil-01',
  'INC-4711',
  'checkout',
  'zzzzqqqq',
  'the',
]

/** Prints a table and answers whether every p95 stayed within its limit. */
export async function benchQueue(tickets = 1_000_000): Promise<boolean> {
  const folder = await mkdtemp(join(tmpdir(), 'tocsin-bench-queue-'))
  const log = createLog('bench', 'silent')
  const postgres = await startEmbeddedPostgres({ dir: join(folder, 'postgres'), log })
  const db = connect(postgres.url, { max: 4 })
  try {
    await migrate(postgres.ownerUrl, { log, serviceUrl: postgres.url })
    const [seeding] = await timed(() =>
      seedDemo({
        ownerUrl: postgres.ownerUrl,
        dataFolder: folder,
        appUrl: '',
        ingestUrl: '',
        systems: Object.keys(SYSTEMS),
        rules: { addWorking, decideClock, whoIsOn, hashPassword, mintKey: () => mintKey('toc') },
        log,
      }),
    )
    print('the demo organisation with its two years loaded', seeding)
    const demo = JSON.parse(await readFile(join(folder, 'demo.json'), 'utf8')) as {
      apiKey: string
      people: { role: string; email: string }[]
    }
    const [multiplying, count] = await timed(() =>
      multiplyTickets(postgres.ownerUrl, Math.ceil(tickets / 20_000) - 1),
    )
    print(`${count.toLocaleString('en')} tickets with their clocks`, multiplying)

    const agent = await db
      .selectFrom('person')
      .select('id')
      .where('email', '=', demo.people.find(({ role }) => role === 'agent')!.email)
      .executeTakeFirstOrThrow()
    const { key: agentKey } = await transact(db, SYSTEM, (tx) =>
      createApiKey(tx, { ownerId: agent.id, name: 'bench' }),
    )
    const numbers = await db
      .selectFrom('activity')
      .innerJoin('ticket', 'ticket.id', 'activity.ticket_id')
      .select('number')
      .distinct()
      .limit(RUNS)
      .execute()
    const api = testApi(db)
    const cases: Case[] = [
      ...QUEUE.map((query): Case => ({ kind: 'queue', name: query, path: `/api/v1/tickets?${query}` })),
      { kind: 'queue', name: 'counts of the views', path: '/api/v1/tickets/counts' },
      ...SEARCH.map((words): Case => ({
        kind: 'search',
        name: words,
        path: `/api/v1/tickets?q=${encodeURIComponent(words)}`,
      })),
      { kind: 'search', name: 'open, laptop', path: '/api/v1/tickets?state=open&q=laptop' },
    ]
    let within = true
    process.stdout.write(`\n${line(['', 'question', 'p50 ms', 'p95 ms', 'limit ÷ p95', 'as agent p95'])}\n`)
    const report = async ({ kind, name }: Case, path: (run: number) => string): Promise<void> => {
      const all = await times(demo.apiKey, path)
      const own = await times(agentKey, path)
      const p95 = at(all, 0.95)
      const slower = Math.max(p95, at(own, 0.95))
      within &&= slower <= LIMITS[kind]
      process.stdout.write(
        `${line([kind, name, at(all, 0.5).toFixed(0), p95.toFixed(0), `${(LIMITS[kind] / slower).toFixed(1)}×`, at(own, 0.95).toFixed(0)])}\n`,
      )
    }
    const times = async (key: string, path: (run: number) => string): Promise<number[]> => {
      const took: number[] = []
      for (let run = -2; run < RUNS; run++) {
        const [ms, answer] = await timed(() => api.call(key, 'GET', path(Math.max(run, 0))))
        if (answer.status >= 500)
          throw new Error(`${path(0)} answered ${answer.status}: ${await answer.text()}`)
        await answer.arrayBuffer()
        if (run >= 0) took.push(ms)
      }
      return took.toSorted((a, b) => a - b)
    }
    for (const one of cases) await report(one, () => one.path)
    const number = (run: number) => numbers[run % numbers.length]!.number
    await report({ kind: 'ticket', name: 'its facts', path: '' }, (run) => `/api/v1/tickets/${number(run)}`)
    await report(
      { kind: 'ticket', name: 'its timeline', path: '' },
      (run) => `/api/v1/tickets/${number(run)}/activity`,
    )
    process.stdout.write(
      `\nqueue p95 ≤ ${LIMITS.queue}, ticket ≤ ${LIMITS.ticket}, search ≤ ${LIMITS.search} ms: ${within ? 'yes' : 'NO'}\n`,
    )
    return within
  } finally {
    await db.destroy()
    await postgres.stop()
    await rm(folder, { recursive: true, force: true })
  }
}

async function timed<T>(work: () => Promise<T>): Promise<[number, T]> {
  const started = performance.now()
  const result = await work()
  return [performance.now() - started, result]
}

const at = (sorted: number[], share: number): number =>
  sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))]!
const WIDTHS = [8, 44, 8, 8, 13, 14]
const line = (cells: string[]): string =>
  cells
    .map((cell, place) => (place < 2 ? cell.padEnd(WIDTHS[place]!) : cell.padStart(WIDTHS[place]!)))
    .join('')
const print = (what: string, ms: number): void =>
  void process.stdout.write(`${(ms / 1000).toFixed(1).padStart(6)} s  ${what}\n`)

if (import.meta.main) process.exitCode = (await benchQueue(Number(process.argv[2]) || undefined)) ? 0 : 1
