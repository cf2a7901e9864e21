import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { sweepUploads } from '@tocsin/desk'
import { sql } from 'kysely'
import { Client } from 'pg'
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'
import {
  database,
  setClockOffset,
  spawnSweeps,
  type SweepProcess,
  TEST_PUBLIC_URL,
  TEST_SECRET,
  type TestDatabase,
  until,
} from '../harness/index.ts'

/** kill -9 of whoever runs an import, at each of its stages: nothing is lost, nothing comes twice, the report is exact. */

let record: TestDatabase
let folder: string
const running = new Set<{ kill: () => unknown }>()
beforeAll(async () => {
  record = await database()
  folder = await mkdtemp(join(tmpdir(), 'tocsin-test-import-'))
  await writeFile(join(folder, 'mapping.json'), JSON.stringify(MAPPING))
})
afterEach(async () => {
  await Promise.all([...running].map((one) => one.kill()))
  running.clear()
})
afterAll(async () => {
  await record.drop()
  await rm(folder, { recursive: true, force: true })
})

const TICKETS = process.env.TOCSIN_SOAK ? 20_000 : 2_400
const ROWS = 3
const EVERY = 100
const MAPPING = {
  source: 'kills',
  rows: 'update',
  number: 'id',
  title: 'title',
  created_at: 'opened',
  at: 'updated',
  state: {
    from: 'state',
    values: { open: { state: 'new' }, wait: { state: 'pending' }, done: { state: 'closed' } },
  },
  requester: 'who',
  team: 'team',
  tags: 'tags',
  comments: { from: 'said' },
  closed_at: 'ended',
  sla: { resolution: { from: 'in_time', values: { yes: 'met', no: 'breached' } } },
}

/** Of each ticket an opening, a wait with a comment, and an end; the last row of every hundredth cannot be read. */
function log(): string {
  const rows = Array.from({ length: TICKETS }, (_, n) => {
    const facts = (state: string, hour: number, ended: string, said: string) =>
      `${n},Ticket ${n},2024-01-01 08:00,2024-01-01 ${String(hour).padStart(2, '0')}:00,${state},person ${n % 90},Team ${n % 7},tag ${n % 5},${said},${ended},${n % 3 === 0 ? 'no' : 'yes'}`
    const end = n % EVERY === 0 ? 'never' : '2024-01-01 12:00'
    return [facts('open', 9, '', ''), facts('wait', 10, '', `Note ${n}`), facts('done', 12, end, '')]
  })
  return ['id,title,opened,updated,state,who,team,tags,said,ended,in_time', ...rows.flat()].join('\n')
}

function command(file: string, ...more: string[]): ChildProcess & { said: string[] } {
  const main = fileURLToPath(new URL('../../scripts/import/main.ts', import.meta.url))
  const child = spawn(process.execPath, [main, file, '--mapping', join(folder, 'mapping.json'), ...more], {
    env: { PATH: process.env.PATH, DATABASE_URL: record.url, TOCSIN_LOG_LEVEL: 'error' },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const said: string[] = []
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (piece) => said.push(String(piece)))
  running.add({ kill: () => child.kill('SIGKILL') })
  return Object.assign(child, { said })
}

async function killed(child: ChildProcess): Promise<void> {
  const gone = once(child, 'exit')
  child.kill('SIGKILL')
  await gone
}

interface State {
  id: string
  state: string
  done: number
}
async function progress(): Promise<State | undefined> {
  const { rows } = await sql<State>`
    select id, state, coalesce((report ->> 'tickets')::int + (report ->> 'refused')::int, 0) as done
    from import where cardinality(columns) > 0`.execute(record.db)
  expect(rows.length).toBeLessThan(2)
  return rows[0]
}
const reached = (state: string, done: number) =>
  until(
    async () => {
      const now = await progress()
      return now?.state === state && now.done >= done
    },
    { deadline: 60_000, every: 5, what: `${done} tickets ${state}` },
  )

it('leaves nothing of an upload whose process died, once nobody can be sending it any more', async () => {
  const file = join(folder, 'long.csv')
  await writeFile(
    file,
    `id,title,opened\n${Array.from({ length: 400_000 }, (_, n) => `${n},Ticket ${n},2024-01-01\n`).join('')}`,
  )
  const kept = async () => {
    const { rows } = await sql<{ imports: number; rows: boolean }>`
      select (select count(*) from import)::int as imports, exists (select from import_row) as rows`.execute(
      record.db,
    )
    return rows[0]!
  }
  const child = command(file)
  await until(async () => (await kept()).rows, { deadline: 30_000, every: 2, what: 'some of it is kept' })
  await killed(child)
  expect(await sweepUploads(record.db)).toBe(0)
  expect(await kept()).toEqual({ imports: 1, rows: true })
  await setClockOffset(record.ownerUrl, '61 minutes')
  // What the dead process last asked for may be under way for a moment yet.
  await until(async () => {
    while ((await sweepUploads(record.db)) > 0);
    return (await kept()).imports === 0
  })
  expect(await kept()).toEqual({ imports: 0, rows: false })
  await setClockOffset(record.ownerUrl, '0')
})

it('goes on where it was, whoever dies at whichever stage', async () => {
  const file = join(folder, 'log.csv')
  await writeFile(file, log())
  const dies = async (state: string, done: number) => {
    const child = command(file)
    await reached(state, done)
    await killed(child)
  }
  await dies('checking', 1)
  const stopped = command(file)
  await reached('checking', TICKETS / 2)
  stopped.kill('SIGINT')
  expect(await once(stopped, 'exit')).toEqual([130, null])
  expect(stopped.said.join('')).toMatch(
    /Stopped: \d+ tickets checked so far. The same command goes on where it was/,
  )
  await dies('running', 1)
  await enginesDie()

  const last = command(file)
  const [code] = (await once(last, 'exit')) as [number]
  expect([code, last.said.join('')]).toEqual([0, expect.stringContaining('Going on with what was begun')])
  const refused = TICKETS / EVERY
  const good = TICKETS - refused
  expect(last.said.join('')).toContain(`Imported ${good} tickets with ${good * 4} activities`)
  expect(last.said.join('')).toContain(`${refused * ROWS} rows were handed back`)

  const { id, state } = (await progress())!
  const breached = Array.from({ length: TICKETS }, (_, n) => n).filter(
    (n) => n % 3 === 0 && n % EVERY !== 0,
  ).length
  const { rows } = await sql<Record<string, unknown>>`
    select i.report - array['dates', 'unused_columns'] as report,
      (select count(*)::int from ticket) as tickets, (select count(distinct external_id)::int from ticket) as keys,
      (select sum(revision)::int from ticket) as revisions,
      (select count(*)::int from activity where cause ->> 'id' = ${id} and subject_kind = 'ticket') as lines,
      (select count(distinct (ticket_id, revision))::int from activity where ticket_id is not null) as places,
      (select count(*)::int from ticket_state) as states, (select count(*)::int from message) as messages,
      (select count(*)::int from ticket_tag) as tags, (select count(*)::int from sla_clock where imported) as clocks,
      (select count(*)::int from person where external_id like 'kills:%') as people,
      (select count(*)::int from team where name like 'Team %') as teams,
      (select count(*)::int from import_row) as rows, (select count(*)::int from import_name) as names,
      (select count(*)::int from sla_recomputation) as recomputations
    from import i where id = ${id}`.execute(record.db)
  expect([state, rows[0]]).toEqual([
    'done',
    {
      report: {
        tickets: good,
        activities: good * 4,
        refused,
        already: 0,
        comments: good,
        kinds: { incident: good },
        states: { closed: good },
        priorities: { P3: good },
        outcomes: { resolution_met: good - breached, resolution_breached: breached },
        first_created_at: '2024-01-01T08:00:00.000Z',
        last_created_at: '2024-01-01T08:00:00.000Z',
        unknown: [],
        new_names: {},
        matched_names: {},
        samples: [],
      },
      tickets: good,
      keys: good,
      revisions: good * 4,
      lines: good * 4,
      places: good * 4,
      states: good * 3,
      messages: good,
      tags: good,
      clocks: good,
      people: 90,
      teams: 7,
      rows: refused * ROWS,
      names: 0,
      recomputations: 1,
    },
  ])
})

it('is one import where two people give the same command at once, which a third one’s trial does not end', async () => {
  const file = join(folder, 'twice.csv')
  const rows = Array.from(
    { length: 900 },
    (_, n) => `t${n},Twice ${n},2024-01-01 08:00,2024-01-01 09:00,done,ann,One,,,2024-01-01 12:00,yes`,
  )
  await writeFile(
    file,
    ['id,title,opened,updated,state,who,team,tags,said,ended,in_time', ...rows].join('\n'),
  )
  const before = await counted()
  const holding = new Client({ connectionString: record.ownerUrl })
  await holding.connect()
  const waiting = (count: number) =>
    until(
      async () => {
        const { rows: locks } = await sql`select from pg_locks where not granted`.execute(record.db)
        return locks.length >= count
      },
      { deadline: 30_000, every: 10, what: `${count} wait` },
    )
  // The first is held while it maps the file, so that the second comes upon an import that is not yet mapped.
  await holding.query('begin; lock table import_item in share mode')
  const first = command(file)
  await waiting(1)
  const all = [first, command(file), command(file, '--dry-run')]
  const ended = all.map(async (child) => ((await once(child, 'exit')) as [number])[0])
  await waiting(3)
  await holding.end()
  expect([await Promise.all(ended), all.map(({ said }) => said.join(''))]).toEqual([
    [0, 0, 0],
    [
      expect.stringContaining('Imported 900'),
      expect.stringContaining('Imported 900'),
      expect.stringMatching(/Would import \d+ tickets/),
    ],
  ])
  const after = await counted()
  expect([after.tickets - before.tickets, after.imports - before.imports]).toEqual([900, 2])
})
async function counted() {
  const { rows } = await sql<{ tickets: number; imports: number }>`
    select (select count(*)::int from ticket) as tickets, (select count(*)::int from import) as imports`.execute(
    record.db,
  )
  return rows[0]!
}

/**
 * Two engines share it, and some times one of them dies at a moment of chance and another takes its place. Somebody
 * holds what the last step of an import needs, so that the last of them surely die in the midst of that.
 */
async function enginesDie(): Promise<void> {
  const holding = new Client({ connectionString: record.ownerUrl })
  await holding.connect()
  try {
    await holding.query('begin; lock table sla_recomputation in share mode')
    const racing = [anEngine(), anEngine()]
    for (let killed = 0; killed < 2; killed++) {
      await Promise.all(racing.map((engine) => engine.ready))
      await pause(Math.random() * 400)
      await racing.shift()!.kill()
      racing.push(anEngine())
    }
    await until(ending, { deadline: 60_000, every: 20, what: 'it is at its end' })
    await Promise.all(racing.map((engine) => engine.kill()))
  } finally {
    await holding.end()
  }
  expect((await progress())!.state).toBe('running')
}

async function ending(): Promise<boolean> {
  const { rows } = await sql`
    select from pg_locks where relation = 'sla_recomputation'::regclass and not granted`.execute(record.db)
  return rows.length > 0
}

function anEngine(): SweepProcess {
  const engine = spawnSweeps({
    DATABASE_URL: record.url,
    TOCSIN_SECRET: TEST_SECRET,
    TOCSIN_PUBLIC_URL: TEST_PUBLIC_URL,
  })
  running.add(engine)
  return engine
}
