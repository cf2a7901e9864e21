import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { database, setClockOffset, type TestDatabase } from '../../../test/harness/index.ts'
import { DeskError, SYSTEM, transact, type Tx } from '../activity/index.ts'
import { createCalendar } from '../calendar/index.ts'
import {
  acknowledgeTicket,
  cancelTicket,
  editTicket,
  type OpenedTicket,
  openTickets,
  pendTicket,
  reopenTicket,
  replyToTicket,
  resolveTicket,
  resumeTicket,
} from '../ticket/index.ts'
import {
  archivePolicy,
  createDefaultSla,
  createPolicy,
  editPolicy,
  explainSla,
  readSla,
  sweepMarks,
} from './index.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
let test: TestDatabase
let agent: string
let policyId: string
let elapsed = 0

const run = <T>(work: (tx: Tx) => Promise<T>) => transact(test.db, { kind: 'person', id: agent }, work)
const later = async (minutes: number) => setClockOffset(test.ownerUrl, `${(elapsed += minutes)} minutes`)
const openP1 = async (more: { urgency?: 'low' } = {}): Promise<OpenedTicket> => {
  const [ticket] = await run((tx) =>
    openTickets(tx, [
      {
        kind: 'incident',
        title: 'Mail is down',
        impact: 'high',
        urgency: more.urgency ?? 'high',
        channel: 'desk',
      },
    ]),
  )
  return ticket!
}
const clocks = async (ticket: OpenedTicket) => {
  const readings = (await readSla(test.db, [ticket.id])).get(ticket.id)!
  return Object.fromEntries(readings.map((one) => [one.target, one]))
}
const minutesTo = (due: Date | null | undefined, from: Date) => due && Math.round((+due - +from) / MINUTE)
const breaches = async (ticket: OpenedTicket) => {
  const { rows } = await sql<{ after: { target: string }; revision: number }>`
    select after, revision from activity where ticket_id = ${ticket.id} and verb = 'breach' order by revision`.execute(
    test.db,
  )
  return rows.map((row) => row.after.target)
}
const dueOf = async (ticket: OpenedTicket) =>
  (await test.db.selectFrom('ticket').select('due_at').where('id', '=', ticket.id).executeTakeFirstOrThrow())
    .due_at

beforeAll(async () => {
  test = await database()
  const person = await test.db
    .insertInto('person')
    .values({ name: 'Ada Lind' })
    .returning('id')
    .executeTakeFirstOrThrow()
  agent = person.id
  policyId = (await transact(test.db, SYSTEM, (tx) => createDefaultSla(tx, { zone: 'UTC' }))).policyId
})
afterAll(() => test.drop())

describe('the clocks of a ticket', () => {
  beforeEach(() => later(1))

  it('start with it, warn on the way, and break once however often they are swept', async () => {
    const ticket = await openP1()
    const { response, resolution } = await clocks(ticket)
    expect(minutesTo(response?.due_at, ticket.createdAt)).toBe(15)
    expect(minutesTo(resolution?.due_at, ticket.createdAt)).toBe(240)
    expect(await dueOf(ticket)).toEqual(response?.due_at)

    await later(8)
    expect(await sweepMarks(test.db)).toBe(1)
    expect(await breaches(ticket)).toEqual([])
    await later(8)
    const swept = await Promise.all([sweepMarks(test.db), sweepMarks(test.db), sweepMarks(test.db)])
    expect(swept.reduce((a, b) => a + b)).toBe(3)
    expect(await sweepMarks(test.db)).toBe(0)
    expect(await breaches(ticket)).toEqual(['response'])

    await run((tx) => acknowledgeTicket(tx, { id: ticket.id }))
    const after = await clocks(ticket)
    expect(after.response).toMatchObject({ state: 'breached', due_at: null, breached_at: response?.due_at })
    expect(await dueOf(ticket)).toEqual(resolution?.due_at)
  })

  it('tell a mark once, though its target went and came back', async () => {
    const ticket = await openP1()
    await later(8)
    expect(await sweepMarks(test.db)).toBe(1)
    for (const urgency of ['low', 'high'] as const)
      await run((tx) => editTicket(tx, { id: ticket.id, urgency }))
    const { rows: ahead } = await sql`
      select from sla_mark m join sla_clock c on c.id = m.clock_id
      where c.ticket_id = ${ticket.id} and m.due_at < tocsin_now() and m.reached_at is null`.execute(test.db)
    expect(ahead).toHaveLength(1)
    expect(await sweepMarks(test.db)).toBe(1)
    const { rows: told } = await sql<{ after: unknown }>`
      select after from activity where subject_id = ${ticket.id} and verb = 'sla-mark'`.execute(test.db)
    expect(told).toEqual([{ after: { target: 'response', percent: 50 } }])
  })

  it('record a breach that no sweep came to before the change that found it, in the order of revisions', async () => {
    const ticket = await openP1()
    await later(300)
    await run((tx) => resolveTicket(tx, { id: ticket.id }))
    expect(await breaches(ticket)).toEqual(['response', 'resolution'])
    const { rows } = await sql<{ verb: string; revision: number }>`
      select verb, revision from activity where ticket_id = ${ticket.id} order by revision`.execute(test.db)
    expect(rows).toEqual([
      { verb: 'open', revision: 1 },
      { verb: 'page-nobody', revision: 2 },
      { verb: 'breach', revision: 3 },
      { verb: 'breach', revision: 4 },
      { verb: 'resolve', revision: 5 },
    ])
    await sweepMarks(test.db)
    expect(await breaches(ticket)).toEqual(['response', 'resolution'])
  })

  it('stand still while pending and while resolved, and go on where they stood', async () => {
    const ticket = await openP1()
    await later(10)
    await run((tx) => replyToTicket(tx, { id: ticket.id, body: 'We are looking.' }))
    expect((await clocks(ticket)).response?.state).toBe('met')
    await run((tx) => pendTicket(tx, { id: ticket.id, reason: 'vendor' }))
    expect((await clocks(ticket)).resolution).toMatchObject({ state: 'paused', due_at: null })
    expect(await dueOf(ticket)).toBeNull()
    await later(1000)
    expect(await sweepMarks(test.db)).toBe(0)
    await run((tx) => resumeTicket(tx, { id: ticket.id }))
    await later(30)
    await run((tx) => resolveTicket(tx, { id: ticket.id }))
    expect((await clocks(ticket)).resolution).toMatchObject({ state: 'met' })
    await later(500)
    await run((tx) => reopenTicket(tx, { id: ticket.id }))
    const { resolution } = await clocks(ticket)
    expect(Math.round(resolution!.elapsed_ms! / MINUTE)).toBe(40)
    expect(minutesTo(resolution?.due_at, ticket.createdAt)).toBe(10 + 1000 + 30 + 500 + 200)
    expect(resolution).toMatchObject({ state: 'running', stopped_at: null })

    const [, explained] = (await explainSla(test.db, ticket.id)).toSorted((a, b) =>
      a.target < b.target ? 1 : -1,
    )
    const wall = explained!.segments.reduce((total, one) => total + +one.to - +one.from, 0)
    expect(wall).toBe(+explained!.segments.at(-1)!.to - +ticket.createdAt)
    expect(new Set(explained!.segments.map((one) => one.why))).toEqual(
      new Set(['working', 'pending', 'ended']),
    )
  })

  it('take another target with another priority, told with due before and after, and forgive nothing', async () => {
    const ticket = await openP1({ urgency: 'low' })
    expect(ticket.priority).toBe('P3')
    const before = await clocks(ticket)
    await later(20)
    await run((tx) => editTicket(tx, { id: ticket.id, urgency: 'high' }))
    const raised = await clocks(ticket)
    expect(minutesTo(raised.resolution?.due_at, ticket.createdAt)).toBe(240)
    const line = await test.db
      .selectFrom('activity')
      .select(['before', 'after'])
      .where('ticket_id', '=', ticket.id)
      .where('verb', '=', 'edit')
      .executeTakeFirstOrThrow()
    expect(line).toMatchObject({
      before: { priority: 'P3', sla: { resolution: { due_at: before.resolution?.due_at?.toISOString() } } },
      after: { priority: 'P1', sla: { resolution: { due_at: raised.resolution?.due_at?.toISOString() } } },
    })
    await later(1)
    await sweepMarks(test.db)
    // Broken when the quarter of an hour was promised, not before.
    expect(minutesTo((await clocks(ticket)).response?.breached_at, ticket.createdAt)).toBe(20)
    await run((tx) => editTicket(tx, { id: ticket.id, urgency: 'low' }))
    expect((await clocks(ticket)).response).toMatchObject({ state: 'breached', target_ms: 4 * HOUR })
    expect(await breaches(ticket)).toEqual(['response'])
  })

  it('leave the figures when the ticket is cancelled', async () => {
    const ticket = await openP1()
    await run((tx) => cancelTicket(tx, { id: ticket.id }))
    const { response, resolution } = await clocks(ticket)
    expect([response?.state, resolution?.state, response?.due_at]).toEqual(['cancelled', 'cancelled', null])
  })

  it('equal after any life what the history says from scratch', async () => {
    const random = mulberry(7)
    const ticket = await openP1()
    const moves = [
      (tx: Tx) => pendTicket(tx, { id: ticket.id, reason: 'requester' }),
      (tx: Tx) => resumeTicket(tx, { id: ticket.id }),
      (tx: Tx) => resolveTicket(tx, { id: ticket.id }),
      (tx: Tx) => reopenTicket(tx, { id: ticket.id }),
      (tx: Tx) => editTicket(tx, { id: ticket.id, urgency: random() < 0.5 ? 'low' : 'high' }),
    ]
    for (let step = 0; step < 40; step++) {
      await later(Math.ceil(random() * 40))
      if (random() < 0.4) await sweepMarks(test.db)
      await run(moves[Math.floor(random() * moves.length)]!).catch((error: unknown) => {
        if (!(error instanceof DeskError && error.code === 'conflict')) throw error
      })
      const [explained] = (await explainSla(test.db, ticket.id)).filter((one) => one.target === 'resolution')
      const counted = explained!.segments
        .filter((one) => one.counts)
        .reduce((t, one) => t + +one.to - +one.from, 0)
      expect(counted).toBe(explained!.elapsed_ms)
    }
  })
})

describe('policies', () => {
  it('are asked in order of position; kind and service decide; versions bind only what is opened after', async () => {
    const service = await test.db
      .insertInto('service')
      .values({ key: 'payroll', name: JSON.stringify({ en: 'Payroll' }) })
      .returning('id')
      .executeTakeFirstOrThrow()
    const calendarId = await run((tx) =>
      createCalendar(tx, { name: 'Payroll hours', zone: 'UTC', weekly: [], holidays: [], always: true }),
    )
    const vip = await run((tx) =>
      createPolicy(tx, {
        name: 'Payroll first',
        position: 1,
        kinds: ['incident'],
        serviceIds: [service.id],
        calendarId,
        targets: { P1: { response_ms: 5 * MINUTE, resolution_ms: HOUR } },
      }),
    )
    const open = async (serviceId: string | null) => {
      const [ticket] = await run((tx) =>
        openTickets(tx, [
          { kind: 'incident', title: 'x', impact: 'high', urgency: 'high', channel: 'desk', serviceId },
        ]),
      )
      return ticket!
    }
    const first = await open(service.id)
    const other = await open(null)
    expect((await clocks(first)).resolution).toMatchObject({
      target_ms: HOUR,
      policy: { name: 'Payroll first', version: 1 },
    })
    expect((await clocks(other)).resolution?.policy?.name).toBe('Standard')

    await run((tx) =>
      editPolicy(tx, {
        id: vip,
        seenVersion: 1,
        targets: { P1: { response_ms: null, resolution_ms: 2 * HOUR } },
      }),
    )
    const second = await open(service.id)
    expect((await clocks(first)).resolution?.target_ms).toBe(HOUR)
    expect(Object.keys(await clocks(second))).toEqual(['resolution'])
    await run((tx) => archivePolicy(tx, vip))
    expect((await clocks(await open(service.id))).resolution?.policy?.name).toBe('Standard')
  })

  it('break nothing in the time in which they promised nothing', async () => {
    const service = await test.db
      .insertInto('service')
      .values({ key: 'ledger', name: JSON.stringify({ en: 'Ledger' }) })
      .returning('id')
      .executeTakeFirstOrThrow()
    const calendarId = await run((tx) =>
      createCalendar(tx, { name: 'Ledger hours', zone: 'UTC', weekly: [], holidays: [], always: true }),
    )
    await run((tx) =>
      createPolicy(tx, {
        name: 'Ledger at its worst',
        position: 1,
        kinds: ['incident'],
        serviceIds: [service.id],
        calendarId,
        targets: { P1: { response_ms: null, resolution_ms: HOUR } },
      }),
    )
    const ticket = await openP1()
    await run((tx) => editTicket(tx, { id: ticket.id, serviceId: service.id }))
    await later(50)
    await run((tx) => editTicket(tx, { id: ticket.id, urgency: 'low' }))
    expect((await clocks(ticket)).resolution).toMatchObject({ state: 'cancelled', breached_at: null })
    await later(20)
    await run((tx) => editTicket(tx, { id: ticket.id, urgency: 'high' }))
    const { resolution } = await clocks(ticket)
    expect(minutesTo(resolution?.due_at, ticket.createdAt)).toBe(60)
    expect(minutesTo(resolution?.breached_at, ticket.createdAt)).toBe(70)
  })

  it('refuse terms that cannot be kept, field by field', async () => {
    const refused = (edit: Partial<Parameters<typeof editPolicy>[1]>) =>
      run((tx) => editPolicy(tx, { id: policyId, ...edit })).then(
        () => [],
        (error: DeskError) => error.details.errors?.map((field) => field.path),
      )
    expect(await refused({ kinds: ['party'] })).toEqual(['kinds'])
    expect(await refused({ targets: {} })).toEqual(['targets'])
    expect(await refused({ targets: { P1: { response_ms: 5, resolution_ms: null } } })).toEqual([
      'targets.P1.response_ms',
    ])
    expect(await refused({ targets: { P1: { response_ms: 2 * HOUR, resolution_ms: HOUR } } })).toEqual([
      'targets.P1.response_ms',
    ])
    expect(await refused({ calendarId: agent })).toEqual(['calendar_id'])
    expect(await refused({ serviceIds: [agent] })).toEqual(['service_ids'])
  })
})

function mulberry(seed: number): () => number {
  let a = seed
  return () => {
    a = (a + 0x6d2b79f5) | 0
    let t = Math.imul(a ^ (a >>> 15), 1 | a)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296
  }
}
