import type { HistoryRow, Hours, Priority } from './desk-rules.ts'
import type { Services } from './services.ts'
import { HOUR, MINUTE, type World } from './world.ts'

interface Calendar extends Hours {
  id: string
  versionId: string
}

interface Promise {
  versionId: string
  kinds: string[]
  serviceIds: string[]
  calendar: Calendar
  targets: Record<Priority, { response: number; resolution: number; calendar?: Calendar }>
}

export interface Sla {
  office: Calendar
  always: Calendar
  /** What is promised for a ticket, and by which hours. */
  promised: (kind: string, serviceId: string, priority: Priority) => Promised
}

export interface Promised {
  policyVersionId: string
  calendar: Calendar
  response: number
  resolution: number
}

/** Working hours with the holidays of the years that the story touches, and what is promised in them. */
export function promiseSla(world: World, services: Services): Sla {
  const always = keepCalendar(world, 'Around the clock', { weekly: [], holidays: [], always: true })
  const office = keepCalendar(world, 'Office hours', {
    weekly: [1, 2, 3, 4, 5].map((day) => ({ day, from: '08:30', to: '18:00' })),
    holidays: holidays(new Date(world.start).getUTCFullYear(), new Date(world.now).getUTCFullYear() + 1),
    always: false,
  })
  const day = 9.5 * HOUR
  const standard: Promise['targets'] = {
    P1: { response: 15 * MINUTE, resolution: 4 * HOUR, calendar: always },
    P2: { response: 30 * MINUTE, resolution: 8 * HOUR, calendar: always },
    P3: { response: 4 * HOUR, resolution: 3 * day },
    P4: { response: day, resolution: 5 * day },
    P5: { response: 2 * day, resolution: 10 * day },
  }
  const policies = [
    keepPolicy(world, 'Payments and shops', 10, {
      kinds: ['incident'],
      serviceIds: [services.payments.id, services.tills.id],
      calendar: always,
      targets: { ...standard, P3: { response: HOUR, resolution: 12 * HOUR } },
    }),
    keepPolicy(world, 'Standard', 100, {
      kinds: ['incident', 'request'],
      serviceIds: [],
      calendar: office,
      targets: standard,
    }),
  ]
  return {
    office,
    always,
    promised: (kind, serviceId, priority) => {
      const policy = policies.find(
        (one) =>
          one.kinds.includes(kind) && (one.serviceIds.length === 0 || one.serviceIds.includes(serviceId)),
      )!
      const { response, resolution, calendar = policy.calendar } = policy.targets[priority]
      return { policyVersionId: policy.versionId, calendar, response, resolution }
    },
  }
}

function keepCalendar({ chance, load, start }: World, name: string, given: Omit<Hours, 'zone'>): Calendar {
  const id = chance.id(start)
  const versionId = chance.id(start)
  const zone = 'Europe/Rome'
  const created_at = new Date(start)
  load.add('calendar', { id, name, created_at })
  const version = { id: versionId, calendar_id: id, version: 1, effective_from: created_at, created_at }
  load.add('calendar_version', { ...version, zone, ...given })
  return { id, versionId, zone, ...given }
}

function keepPolicy(
  { chance, load, start }: World,
  name: string,
  position: number,
  terms: Omit<Promise, 'versionId'>,
): Promise {
  const id = chance.id(start)
  const versionId = chance.id(start)
  const created_at = new Date(start)
  load.add('sla_policy', { id, name, position, created_at })
  load.add('sla_policy_version', {
    id: versionId,
    policy_id: id,
    version: 1,
    effective_from: created_at,
    kinds: `{${terms.kinds.join()}}`,
    service_ids: `{${terms.serviceIds.join()}}`,
    calendar_id: terms.calendar.id,
    targets: Object.fromEntries(
      Object.entries(terms.targets).map(([priority, { response, resolution, calendar }]) => [
        priority,
        { response_ms: response, resolution_ms: resolution, calendar_id: calendar?.id ?? null },
      ]),
    ),
    // Others say more; every row names the columns of the first.
    conditions: {},
    olas: [],
    escalations: [],
    created_at,
  })
  return { versionId, ...terms }
}

const FIXED: readonly (readonly [string, string])[] = [
  ['01-01', 'New Year'],
  ['01-06', 'Epiphany'],
  ['04-25', 'Liberation Day'],
  ['05-01', 'Labour Day'],
  ['06-02', 'Republic Day'],
  ['08-15', 'Ferragosto'],
  ['11-01', 'All Saints'],
  ['12-08', 'Immaculate Conception'],
  ['12-25', 'Christmas'],
  ['12-26', "St Stephen's Day"],
]
// Easter Mondays move; these are the ones that a demo may meet.
const EASTER_MONDAYS = ['2024-04-01', '2025-04-21', '2026-04-06', '2027-03-29', '2028-04-17', '2029-04-02']

function holidays(from: number, to: number): Hours['holidays'] {
  const years = Array.from({ length: to - from + 1 }, (_, offset) => from + offset)
  return [
    ...years.flatMap((year) => FIXED.map(([date, name]) => ({ date: `${year}-${date}`, name }))),
    ...EASTER_MONDAYS.filter((date) => years.includes(Number(date.slice(0, 4)))).map((date) => ({
      date,
      name: 'Easter Monday',
    })),
  ].toSorted((a, b) => (a.date < b.date ? -1 : 1))
}

export interface Clocked {
  kind: 'incident' | 'request'
  id: string
  serviceId: string
  priority: Priority
  history: HistoryRow[]
  /** The acknowledgement of an incident, the first reply to a request, if there was one. */
  answeredAt: Date | null
}

/** The clocks of one ticket as its history leaves them, decided by the desk's own rule. Answers breaches and the soonest due. */
export function runClocks(
  { chance, load, rules, now }: World,
  sla: Sla,
  ticket: Clocked,
): { breaches: { at: number; target: string; targetMs: number; why: object }[]; dueAt: Date | null } {
  const { calendar, policyVersionId, ...targets } = sla.promised(
    ticket.kind,
    ticket.serviceId,
    ticket.priority,
  )
  const startedAt = ticket.history[0]!.at
  const breaches: { at: number; target: string; targetMs: number; why: object }[] = []
  let dueAt: Date | null = null
  for (const target of ['response', 'resolution'] as const) {
    const targetMs = targets[target]
    const { answeredAt, history } = ticket
    const facts = { target, targetMs, hours: calendar, answeredAt, breachedAt: null, marks: [] }
    const clock = rules.decideClock(facts, history, new Date(now))
    const id = chance.id(startedAt.getTime())
    load.add('sla_clock', {
      id,
      ticket_id: ticket.id,
      target,
      policy_version_id: policyVersionId,
      calendar_version_id: calendar.versionId,
      target_ms: targetMs,
      state: clock.state,
      elapsed_ms: clock.elapsedMs,
      counted_at: clock.stoppedAt ?? new Date(now),
      due_at: clock.dueAt,
      started_at: startedAt,
      set_at: startedAt,
      stopped_at: clock.stoppedAt,
      breached_at: clock.breachedAt,
    })
    if (clock.breachedAt)
      breaches.push({
        at: clock.breachedAt.getTime(),
        target,
        targetMs,
        why: { target_ms: targetMs, policy_version: policyVersionId, calendar_version: calendar.versionId },
      })
    if (clock.stoppedAt) continue
    if (clock.dueAt && (!dueAt || clock.dueAt < dueAt)) dueAt = clock.dueAt
    // A mark that lies behind was reached then: the engine must not sweep the past.
    for (const { percent, due_at } of clock.marks)
      load.add('sla_mark', {
        clock_id: id,
        percent,
        due_at,
        reached_at: due_at && due_at.getTime() <= now ? due_at : null,
      })
  }
  return { breaches, dueAt }
}
