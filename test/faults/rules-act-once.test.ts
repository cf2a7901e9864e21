import { randomUUID } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import { type AutomationRule, openTickets, publishAutomation, SYSTEM, transact } from '@tocsin/desk'
import { sql } from 'kysely'
import { afterAll, beforeAll, expect, it } from 'vitest'
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

let record: TestDatabase
const engines = new Set<SweepProcess>()
beforeAll(async () => {
  record = await database()
})
afterAll(async () => {
  await Promise.all([...engines].map((engine) => engine.kill()))
  await record.drop()
})

function anEngine(): SweepProcess {
  const engine = spawnSweeps({
    DATABASE_URL: record.url,
    TOCSIN_SECRET: TEST_SECRET,
    TOCSIN_PUBLIC_URL: TEST_PUBLIC_URL,
  })
  engines.add(engine)
  return engine
}

const TICKETS = 60
const KILLS = 6
const rule = (on: AutomationRule['on'], text: string, when = 'true'): AutomationRule => ({
  id: randomUUID(),
  name: text,
  enabled: true,
  on,
  when,
  actions: [{ do: 'note', text }],
  last: false,
})
// Once, and within a day: what happened longer ago is no news.
const schedule = (opens: Extract<AutomationRule['on'], { kind: 'schedule' }>['opens']) => ({
  kind: 'schedule' as const,
  starts_at: new Date(Date.now() + 20 * 3_600_000).toISOString(),
  zone: 'UTC',
  rrule: 'FREQ=DAILY;COUNT=1',
  opens,
})

it('rules act once on each line, time and date, with two engines racing and one after the other killed', async () => {
  const opens = {
    kind: 'request' as const,
    title: 'Check {{date}}',
    text: '',
    impact: 'low' as const,
    urgency: 'low' as const,
    service_id: null,
    category_id: null,
    team_id: null,
    requester_id: null,
  }
  const rules = [
    rule({ kind: 'activity', verbs: ['open'] }, 'a line'),
    rule(schedule(null), 'a time', 'kind == "change"'),
    rule({ kind: 'before', date: 'planned_start', field: null, minutes: 60 }, 'a date'),
    rule(schedule(opens), 'opened'),
  ]
  await transact(record.db, SYSTEM, (tx) => publishAutomation(tx, { base: 1, rules }))
  await transact(record.db, SYSTEM, async (tx) => {
    await openTickets(
      tx,
      Array.from({ length: TICKETS }, () => ({
        kind: 'change' as const,
        title: 'A change',
        impact: 'low' as const,
        urgency: 'low' as const,
        channel: 'desk' as const,
      })),
    )
    await sql`update change_plan set planned_start = ${tx.now}::timestamptz + interval '22 hours',
      planned_end = ${tx.now}::timestamptz + interval '23 hours'`.execute(tx.db)
  })
  // By then everything is due at once.
  await setClockOffset(record.ownerUrl, '21 hours 30 minutes')
  const racing = [anEngine(), anEngine()]
  const done = new AbortController()
  const killing = killOneByOne(racing, done.signal)
  await until(async () => (await notes()).length >= 3 * TICKETS + 2 && (await atRest()), {
    deadline: 60_000,
    every: 200,
    what: 'every rule has acted',
  }).finally(() => done.abort())
  expect(await killing).toBeGreaterThan(0)
  const byTicket = Map.groupBy(await notes(), ({ ticket }) => ticket)
  const said = [...byTicket.values()].map((some) =>
    some
      .map(({ body }) => body)
      .toSorted()
      .join(', '),
  )
  const changes = said.filter((words) => words === 'a date, a line, a time').length
  const opened = said.filter((words) => words === 'a line, opened').length
  expect([changes, opened, byTicket.size]).toEqual([TICKETS, 1, TICKETS + 1])
})

async function notes(): Promise<{ ticket: string; body: string }[]> {
  const { rows } = await sql<{ ticket: string; body: string }>`
    select ticket_id as ticket, body from message`.execute(record.db)
  return rows
}

async function atRest(): Promise<boolean> {
  const { rows } = await sql<{ rest: boolean }>`
    select not exists (select from activity_waiting) and not exists (select from automation_firing where state = 'waiting')
      and not exists (select from automation_occurrence where state = 'running')
      and (select place from feed_cursor where reader = 'automation') >= (select max(place) from activity_place) as rest`.execute(
    record.db,
  )
  return rows[0]!.rest
}

/** Some times, once both sweep, the older dies at a moment of chance and another takes its place. */
async function killOneByOne(racing: SweepProcess[], done: AbortSignal): Promise<number> {
  for (let killed = 0; ; killed++) {
    await Promise.all(racing.map((engine) => engine.ready))
    const going = await pause(Math.random() * 500, true, { signal: done }).catch(() => false)
    if (!going || killed === KILLS) return killed
    await racing.shift()!.kill()
    racing.push(anEngine())
  }
}
