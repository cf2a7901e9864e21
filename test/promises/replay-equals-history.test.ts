import { randomUUID } from 'node:crypto'
import {
  acceptProposal,
  acknowledgeAlert,
  acknowledgeWithAlerts,
  cancelTicket,
  createMaintenance,
  createService,
  declineProposal,
  detachAlert,
  DeskError,
  lockProposal,
  MaintenanceInput,
  mergeTickets,
  NO_RULES,
  publishRuleset,
  readNow,
  readRuleset,
  reopenTicket,
  replay,
  resolveTicket,
  type Rule,
  setPatience,
  snoozeAlert,
  splitTicket,
  sweepAlerts,
  sweepCheckpoints,
  sweepGatherings,
  sweepMaintenance,
  sweepRecoveries,
  sweepSteps,
  SYSTEM,
  transact,
  type Tx,
  unsnoozeAlert,
} from '@tocsin/desk'
import fc from 'fast-check'
import { sql } from 'kysely'
import { beforeAll, expect, test } from 'vitest'
import {
  aPolicy,
  aSchedule,
  aRule,
  aSource,
  aTeam,
  doorOverDatabase,
  type Someone,
  someone,
} from '../harness/index.ts'

const RUNS = Number(process.env.TOCSIN_RUNS ?? (process.env.TOCSIN_SOAK ? 60 : 4))
// The same histories in every run, and others in a soak.
const SEED = process.env.TOCSIN_SEED ?? (process.env.TOCSIN_SOAK ? undefined : '7')

const on = doorOverDatabase()
let agents: Someone[]
let sources: Awaited<ReturnType<typeof aSource>>[]

beforeAll(async () => {
  const { db } = on.base
  const team = await aTeam(db)
  agents = [
    await someone(db, [
      { role: 'agent', teamId: team },
      { role: 'on_call', teamId: team },
    ]),
    await someone(db, [{ role: 'on_call', teamId: team }]),
  ]
  const people = agents.map(({ id }) => id)
  const schedule = await aSchedule(db, team, people)
  const policy = (firstAfterMs: number) =>
    aPolicy(
      db,
      [
        { wait_ms: firstAfterMs, targets: [{ kind: 'schedule', id: schedule }] },
        { wait_ms: 120_000, targets: [{ kind: 'team', id: team }] },
      ],
      1,
    )
  const services = await Promise.all(
    ['shop', 'store'].map((name) =>
      transact(db, SYSTEM, (tx) =>
        createService(tx, { key: `${name}-${randomUUID().slice(0, 8)}`, name: { en: name }, teamId: team }),
      ),
    ),
  )
  await sql`insert into service_dependency values (${services[0]}, ${services[1]})`.execute(db)
  await sql`insert into configuration_item (name, kind, service_id) values ('h0', 'host', ${services[0]}), ('h1', 'host', ${services[1]})`.execute(
    db,
  )
  sources = [
    await aSource(on, { escalationPolicyId: await policy(0), serviceId: services[0]! }),
    await aSource(on, { escalationPolicyId: await policy(0), serviceId: services[1]! }),
  ]
})

const patience = { hold_seconds: 0, threshold: null, flapping: { low: 20, high: 30 }, expire_minutes: null }
const RULES: Partial<Rule>[][] = [
  [],
  [{ group_by: ['host'], window_minutes: 5, resolve_on: 'last' }],
  [
    { group_by: ['labels.alertname'], most_per_hour: 2 },
    { when: 'severity == "info"', opens: 'nothing' },
  ],
  [
    { when: 'host == "h0"', confirm: true, group_by: ['host'] },
    { group_by: ['dedup_key'], resolve_on: 'first' },
  ],
  [{ patience: { ...patience, hold_seconds: 60 }, group_by: ['integration'] }],
  [{ when: 'severity == "warning"', opens: 'request', group_by: ['service'], resolve_on: 'never' }],
]

const event = fc.record({
  kind: fc.constantFrom('trigger', 'trigger', 'trigger', 'resolve', 'resolve', 'acknowledge'),
  key: fc.nat(5),
  severity: fc.constantFrom('critical', 'error', 'warning', 'info'),
  host: fc.constantFrom('h0', 'h1', 'h2'),
  // Minutes ago that its opening began, as its sender says; most say nothing.
  began: fc.constantFrom(null, null, null, 0, 1, 3),
})
const step = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({
      do: fc.constant('say' as const),
      source: fc.nat(1),
      events: fc.array(event, { minLength: 1, maxLength: 6 }),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('pass' as const),
      seconds: fc.constantFrom(1, 16, 61, 130, 400, 1_300),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('publish' as const),
      rules: fc.nat(RULES.length - 1),
      storm: fc.boolean(),
    }),
  },
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constantFrom(
        'acknowledge',
        'acknowledge-alert',
        'snooze',
        'unsnooze',
        'detach',
        'split',
        'merge',
        'accept',
        'decline',
        'resolve',
        'reopen',
        'cancel',
        'silence',
        'patience',
      ),
      pick: fc.nat(1_000),
    }),
  },
)
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never

/** What engines do by themselves, until nothing is due. */
async function sweep() {
  const { db } = on.base
  for (const one of [sweepMaintenance, sweepAlerts, sweepRecoveries, sweepGatherings, sweepSteps])
    await one(db)
}

async function act({ do: verb, pick }: { do: string; pick: number }) {
  const { db } = on.base
  const one = async (query: ReturnType<typeof sql<{ id: string; other?: string }>>) => {
    const { rows } = await query.execute(db)
    return rows[pick % Math.max(rows.length, 1)]
  }
  const open = sql`t.state in ('new', 'in_progress', 'pending')`
  const ticket = await one(sql`select t.id from ticket t where ${open} order by t.id`)
  const alert = await one(sql`select a.id from alert a where a.status <> 'resolved' order by a.id`)
  const standing = await one(
    sql`select a.id, a.ticket_id as other from alert a join ticket t on t.id = a.ticket_id where ${open} order by a.id`,
  )
  const ended = await one(
    sql`select t.id from ticket t where t.state = 'resolved' order by t.id desc limit 3`,
  )
  const proposal = await one(sql`select p.id from proposal p where p.state = 'open' order by p.id`)
  const mine = sources[pick % 2]!
  const by = { kind: 'person' as const, id: agents[pick % 2]!.id }
  const does: Record<string, ((tx: Tx) => Promise<unknown>) | undefined> = {
    acknowledge: ticket && ((tx) => acknowledgeWithAlerts(tx, { id: ticket.id })),
    'acknowledge-alert': alert && ((tx) => acknowledgeAlert(tx, alert.id)),
    snooze: alert && ((tx) => snoozeAlert(tx, { id: alert.id, until: new Date(tx.now.getTime() + 200_000) })),
    unsnooze: alert && ((tx) => unsnoozeAlert(tx, alert.id)),
    detach:
      standing &&
      ((tx) => detachAlert(tx, { ticketId: standing.other!, alertId: standing.id, opens: pick % 3 > 0 })),
    split: standing && ((tx) => splitTicket(tx, { ticketId: standing.other!, alertIds: [standing.id] })),
    resolve: ticket && ((tx) => resolveTicket(tx, { id: ticket.id })),
    cancel: ticket && ((tx) => cancelTicket(tx, { id: ticket.id })),
    reopen: ended && ((tx) => reopenTicket(tx, { id: ended.id })),
    decline: proposal && ((tx) => declineProposal(tx, proposal.id)),
    accept: proposal && ((tx) => acceptProposal(tx, proposal.id)),
    patience: (tx) =>
      setPatience(
        tx,
        mine.id,
        pick % 2
          ? { ...patience, hold_seconds: 30, expire_minutes: 10 }
          : { ...patience, threshold: { count: 2, minutes: 5 } },
      ),
    silence: (tx) =>
      createMaintenance(
        tx,
        MaintenanceInput.parse({
          kind: 'silence',
          reason: 'Work',
          matchers: [{ name: 'host', value: `h${pick % 3}` }],
          starts_at: tx.now,
          ends_at: new Date(tx.now.getTime() + 300_000),
        }),
      ),
    merge:
      ticket &&
      (async (tx) => {
        const { rows } = await sql<{ id: string }>`
          select t.id from ticket t where ${open} and t.id <> ${ticket.id} and t.kind = (select kind from ticket where id = ${ticket.id}) order by t.id`.execute(
          tx.db,
        )
        if (rows[0]) await mergeTickets(tx, { from: ticket.id, into: rows[0].id })
      }),
  }
  const work = does[verb]
  if (!work) return
  const lock =
    verb === 'accept'
      ? (trx: Parameters<typeof lockProposal>[0]) => lockProposal(trx, proposal!.id)
      : undefined
  await transact(db, by, work, lock).catch((error: unknown) => {
    if (!(error instanceof DeskError)) throw error
  })
}

async function take(step: Step) {
  const { db } = on.base
  if (step.do === 'say' && 'events' in step) {
    const now = (await readNow(db)).getTime()
    await sources[step.source]!.say(
      ...step.events.map(({ kind, key, severity, host, began }) => ({
        kind,
        ...(began !== null && { starts_at: new Date(now - began * 60_000).toISOString() }),
        severity,
        dedup_key: `k${key}`,
        title: `Trouble ${key}`,
        labels: { alertname: `name-${key % 3}`, host },
      })),
    )
  } else if (step.do === 'pass' && 'seconds' in step) await on.moveOn(step.seconds)
  else if (step.do === 'publish' && 'rules' in step) {
    const { version } = await readRuleset(db)
    const body = {
      rules: RULES[step.rules]!.map(aRule),
      beside: { ...NO_RULES.beside, storm: { on: step.storm, openings: 4, window_minutes: 10 } },
    }
    await transact(db, SYSTEM, (tx) => publishRuleset(tx, { base: version, ...body }))
  } else if ('pick' in step) await act(step)
  await sweep()
}

test(
  'random events, actions and rules: the versions then in force give the same tickets and the same pages',
  async () => {
    const { db } = on.base
    let tickets = 0
    let pages = 0
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 40, maxLength: 70 }), async (steps) => {
        // A day of its own, so that it begins with a checkpoint, over what the day before left.
        await on.moveOn(86_400)
        await sweep()
        await sweepCheckpoints(db)
        const from = await readNow(db)
        for (const one of steps) await take(one)
        await on.moveOn(1)
        const to = await readNow(db)
        const again = await replay(db, { from, to, rules: null })
        expect(again!.record).toMatchObject({ exact: true })
        tickets += again!.record.openings
        pages += again!.record.pages
      }),
      {
        numRuns: RUNS,
        ...(SEED !== undefined && { seed: Number(SEED) }),
        endOnFailure: true,
      },
    )
    expect(tickets).toBeGreaterThan(10)
    expect(pages).toBeGreaterThan(10)
  },
  60_000 + RUNS * 15_000,
)
