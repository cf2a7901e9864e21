// What the queue, a ticket's page and the search cost at a million tickets: the whole way through the API's own code,
// without a socket, as an administrator, an agent and an employee. `npm run bench queue`, or on its own:
// `node test/load/queue.ts [tickets] [folder]`; a folder is kept, and used again the next time.
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { connect, type Db } from '@tocsin/db'
import { startEmbeddedPostgres } from '@tocsin/db/embedded'
import { migrate } from '@tocsin/db/migrate'
import { createLog } from '@tocsin/db/process'
import { refreshHandling, sweepNext } from '@tocsin/desk'
import { sql } from 'kysely'
import { testApi } from '../harness/api.ts'
import { keyOf, loadDemo } from './demo.ts'
import { multiplyTickets } from './million-tickets.ts'

const RUNS = 25
const ROLES = ['administrator', 'agent', 'employee']
const LIMITS = { queue: 100, ticket: 60, search: 150 }
const BULK_LIMIT = 2000

interface Case {
  kind: keyof typeof LIMITS
  name: string
  path: string
}

const QUEUE = [
  'sort=-created',
  'sort=-updated',
  'sort=priority',
  'sort=due',
  'state=open&sort=priority',
  'state=open&sort=due',
  'state=open&sort=-created',
  'sort=next',
  'state=open&team=mine&sort=next',
  'for=me&sort=next',
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
  'team=Databases&sort=-updated',
  'symptom=DiskNearlyFull&service=databases',
  'state=closed&priority=P5&sort=-updated',
  'state=cancelled&sort=-created',
  'kind=problem',
  'category=hardware&state=open&sort=priority',
  'category=none',
  'tag=black-friday',
  'tag=audit&state=open&sort=due',
  'major=declared',
  'field=account=MFA',
  'field=account=MFA&sort=priority',
  'state=open&sort=created',
  'state=cancelled&sort=priority',
  'kind=request&sort=priority',
  'kind=change&sort=priority',
  'category=hardware&sort=priority',
  'service=none&sort=-updated',
  'age=%3C1h&sort=-updated',
  'age=%3C1h&sort=due',
  'q=-age:%3E3d&sort=created',
  'q=-status:none&sort=priority',
  'q=tag:audit%20-tag:black-friday&sort=created',
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
  'server',
  'the',
  'a',
  'latpop',
  'pritner offlien',
]

// What many tickets are given at once, each taken back afterwards: so the folder stays as it was.
const BULK = {
  'assignee, priority and tag': (me: string) => ({ assignee_id: me, priority: 'P2', tag: ['bench'] }),
  'resolve, with a public reply': () => ({
    step: { name: 'resolve' },
    reply: 'It is over. Thank you for waiting.',
  }),
}

/** Prints a table and answers whether every p95 stayed within its limit. */
export async function benchQueue(tickets = 1_000_000, keep?: string): Promise<boolean> {
  const folder = keep ?? (await mkdtemp(join(tmpdir(), 'tocsin-bench-queue-')))
  await mkdir(folder, { recursive: true })
  const log = createLog('bench', 'silent')
  const postgres = await startEmbeddedPostgres({ dir: join(folder, 'postgres'), log })
  const db = connect(postgres.url, { max: 4 })
  try {
    await migrate(postgres.ownerUrl, { log, serviceUrl: postgres.url })
    const loaded = join(folder, 'loaded')
    if (!existsSync(loaded)) await load(postgres.ownerUrl, folder, tickets)
    await writeFile(loaded, '')

    await refreshHandling(db)
    while ((await sweepNext(db)) > 0);
    const keys = await Promise.all(ROLES.map((role) => keyOf(db, folder, role)))
    const api = testApi(db)
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
    let missed = 0
    print(['', 'p50 and p95 in ms', ...ROLES.flatMap((role) => [role, '']), 'goal', ''])
    const report = async ({ kind, name }: Case, path: (run: number) => string): Promise<void> => {
      const cells: string[] = []
      let worst = 0
      for (const key of keys) {
        const took = await times(key, path)
        worst = Math.max(worst, at(took, 0.95))
        cells.push(at(took, 0.5).toFixed(0), at(took, 0.95).toFixed(0))
      }
      const kept = worst <= LIMITS[kind]
      if (!kept) missed += 1
      print([kind, name, ...cells, `≤ ${LIMITS[kind]}`, kept ? 'pass' : 'MISS'])
    }
    for (const one of casesOf()) await report(one, () => one.path)
    const { rows: numbers } = await sql<{ number: string }>`
      select number from ticket tablesample system (1) order by random() limit ${RUNS}`.execute(db)
    const number = (run: number) => numbers[run % numbers.length]!.number
    await report({ kind: 'ticket', name: 'its facts', path: '' }, (run) => `/api/v1/tickets/${number(run)}`)
    await report(
      { kind: 'ticket', name: 'its timeline', path: '' },
      (run) => `/api/v1/tickets/${number(run)}/activity`,
    )
    missed += await benchBulk(db, keys[0]!)
    const load1 = loadavg()[0]!.toFixed(1)
    process.stdout.write(
      `\n${missed === 0 ? 'every goal is kept' : `${missed} missed`}; load average ${load1}\n`,
    )
    return missed === 0
  } finally {
    await db.destroy()
    await postgres.stop()
    if (!keep) await rm(folder, { recursive: true, force: true })
  }
}

/** Changes 1,000 open tickets with one call, and takes it back; answers how many of the goals were missed. */
async function benchBulk(db: Db, key: string): Promise<number> {
  const api = testApi(db)
  const post = async <T>(path: string, body: unknown) => {
    const answer = await api.call(key, 'POST', `/api/v1${path}`, body)
    if (answer.status !== 200) throw new Error(`${path} answered ${answer.status}: ${await answer.text()}`)
    return (await answer.json()) as T
  }
  interface Result {
    id: string
    changed: { number: string }[]
    refused: unknown[]
  }
  const me = (await (await api.call(key, 'GET', '/api/v1/me')).json()) as { person: { id: string } }
  let missed = 0
  for (const [name, wishOf] of Object.entries(BULK)) {
    const took: number[] = []
    const back: number[] = []
    let changed = 0
    for (let run = 0; run < 5; run++) {
      const { rows } = await sql<{ number: string }>`
        select number from ticket where state = 'in_progress' and kind in ('incident', 'request')
          and assignee_id is distinct from ${me.person.id} and priority <> 'P2'
        order by md5(id::text || ${String(run)}) limit 1000`.execute(db)
      const [ms, result] = await timed(() =>
        post<Result>('/tickets/bulk', { tickets: rows, ...wishOf(me.person.id) }),
      )
      took.push(ms)
      changed = result.changed.length
      const numbers = result.changed.map(({ number }) => number)
      const [undoing, undone] = await timed(() =>
        post<Result>(`/tickets/bulk/${result.id}/undo`, { tickets: numbers }),
      )
      if (undone.refused.length > 0) throw new Error(JSON.stringify(undone.refused[0]))
      back.push(undoing)
    }
    const [sorted, undone] = [took.toSorted((a, b) => a - b), back.toSorted((a, b) => a - b)]
    const kept = at(sorted, 0.95) <= BULK_LIMIT
    if (!kept) missed += 1
    print([
      'bulk',
      `${changed} tickets: ${name}`,
      at(sorted, 0.5).toFixed(0),
      at(sorted, 0.95).toFixed(0),
      '',
      '',
      'undo',
      at(undone, 0.5).toFixed(0),
      `≤ ${BULK_LIMIT}`,
      kept ? 'pass' : 'MISS',
    ])
  }
  return missed
}

export async function load(ownerUrl: string, folder: string, tickets: number): Promise<void> {
  const [seeding] = await timed(() => loadDemo(ownerUrl, folder))
  say('the demo organisation with its two years loaded', seeding)
  const [multiplying, count] = await timed(() => multiplyTickets(ownerUrl, Math.ceil(tickets / 20_000) - 1))
  say(`${count.toLocaleString('en')} tickets with their clocks\n`, multiplying)
}

const casesOf = (): Case[] => [
  ...QUEUE.map((query): Case => ({ kind: 'queue', name: query, path: `/api/v1/tickets?${query}` })),
  { kind: 'queue', name: 'counts of the views', path: '/api/v1/tickets/counts' },
  ...SEARCH.map((words): Case => ({
    kind: 'search',
    name: words,
    path: `/api/v1/tickets?q=${encodeURIComponent(words)}`,
  })),
  { kind: 'search', name: 'open, laptop', path: '/api/v1/tickets?state=open&q=laptop' },
]

export async function timed<T>(work: () => Promise<T>): Promise<[number, T]> {
  const started = performance.now()
  const result = await work()
  return [performance.now() - started, result]
}

export const at = (sorted: number[], share: number): number =>
  sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))]!
const WIDTHS = [8, 44, 15, 6, 9, 6, 10, 6, 8, 6]
const print = (cells: string[]): void =>
  void process.stdout.write(
    `${cells.map((cell, place) => (place < 2 ? cell.padEnd(WIDTHS[place]!) : cell.padStart(WIDTHS[place]!))).join('')}\n`,
  )
export const say = (what: string, ms: number): void =>
  void process.stdout.write(`${(ms / 1000).toFixed(1).padStart(6)} s  ${what}\n`)

if (import.meta.main)
  process.exitCode = (await benchQueue(Number(process.argv[2]) || undefined, process.argv[3])) ? 0 : 1
