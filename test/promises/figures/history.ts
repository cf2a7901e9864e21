import type { Db } from '@tocsin/db'
import { SYSTEM, transact } from '@tocsin/desk'
import fc from 'fast-check'
import { sql } from 'kysely'

/** A ticket as the oracle sees it. Instants are milliseconds. */
export interface Story {
  kind: 'incident' | 'request' | 'problem'
  priority: 'P1' | 'P2' | 'P3'
  channel: 'monitoring' | 'portal' | 'desk'
  team: string | null
  service: string | null
  symptom: string | null
  created: number
  acknowledged: number | null
  resolved: number | null
  closed: number | null
  cancelled: boolean
  merged: boolean
  reopened: number
  response: { state: string; breached: number | null; stopped: number | null } | null
  resolution: { state: string; breached: number | null; stopped: number | null } | null
  pages: { created: number; acknowledged: number | null }[]
  spent: { at: number; minutes: number; removed: boolean }[]
}

export interface World {
  teams: string[]
  services: string[]
  integrations: { id: string; team: string | null; service: string | null }[]
  person: string
}

const HOUR = 3_600_000
const DAY = 24 * HOUR
export const START = Date.parse('2026-03-01T00:00:00Z')
export const END = Date.parse('2026-11-20T12:34:56.789Z')

// Where days and months begin in the zones asked about, and the nights of clock changes, to the millisecond.
const EDGES = [
  '2026-03-28T23:00:00Z', // Rome: the day of 23 hours begins
  '2026-03-29T01:00:00Z', // Rome: the hour that is skipped
  '2026-03-29T22:00:00Z',
  '2026-10-24T22:00:00Z', // Rome: the day of 25 hours
  '2026-10-25T00:30:00Z', // Rome: 02:30 for the first time
  '2026-10-25T01:30:00Z', // and for the second
  '2026-10-25T23:00:00Z',
  '2026-10-03T15:30:00Z', // Lord Howe: half an hour skipped
  '2026-04-04T15:00:00Z', // Lord Howe: half an hour repeated
  '2026-06-30T22:00:00Z', // Rome: July begins
  '2026-11-01T04:00:00Z', // New York: November begins
].map((text) => Date.parse(text))

const instant = fc.oneof(
  { weight: 3, arbitrary: fc.integer({ min: START, max: END - 1 }) },
  {
    weight: 1,
    arbitrary: fc.tuple(fc.constantFrom(...EDGES), fc.constantFrom(-1, 0, 1)).map(([at, off]) => at + off),
  },
)
const later = fc.oneof(
  fc.integer({ min: 0, max: 2 * HOUR }),
  fc.integer({ min: 0, max: 60 * DAY }),
  fc.constantFrom(0, 1, 10 * DAY, 30 * DAY, 10 * DAY - 1),
)
const maybe = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: null })

export const stories = (world: World): fc.Arbitrary<Story> =>
  fc
    .record({
      kind: fc.constantFrom('incident', 'request', 'problem'),
      priority: fc.constantFrom('P1', 'P2', 'P3'),
      channel: fc.constantFrom('monitoring', 'portal', 'desk'),
      team: maybe(fc.constantFrom(...world.teams)),
      service: maybe(fc.constantFrom(...world.services)),
      symptom: maybe(fc.constantFrom('disk', 'é|vpn', 'DISK', 'mail')),
      created: instant,
      acknowledged: maybe(later),
      end: fc.constantFrom('open', 'resolved', 'resolved', 'closed', 'cancelled'),
      lasts: later,
      merged: fc.boolean().map((yes) => yes),
      mergedDie: fc.nat(9),
      reopened: fc.constantFrom(0, 0, 0, 1, 3),
      promised: fc.boolean(),
      responseTarget: later,
      resolutionTarget: later,
      spent: fc.array(
        fc.record({ after: later, minutes: fc.integer({ min: 1, max: 1440 }), removed: fc.nat(4) }),
        { maxLength: 3 },
      ),
      pages: fc.array(fc.record({ after: later, answered: maybe(later) }), { maxLength: 2 }),
    })
    .map((raw): Story => {
      const { created } = raw
      const bounded = (at: number) => Math.min(at, END - 1)
      const ended = bounded(created + raw.lasts)
      const acknowledged = raw.acknowledged === null ? null : bounded(created + raw.acknowledged)
      const done = raw.end === 'resolved' || raw.end === 'closed'
      const clock = (target: number, stopped: number | null) => {
        const due = created + target
        const breached = due < (stopped ?? END) ? due : null
        const state = breached !== null ? 'breached' : stopped !== null ? 'met' : 'running'
        return {
          state: raw.end === 'cancelled' && breached === null ? 'cancelled' : state,
          breached,
          stopped,
        }
      }
      return {
        ...raw,
        acknowledged,
        resolved: done ? ended : null,
        closed: raw.end === 'closed' || raw.end === 'cancelled' ? ended : null,
        cancelled: raw.end === 'cancelled',
        merged: raw.mergedDie === 0,
        response: raw.promised ? clock(raw.responseTarget, acknowledged) : null,
        resolution: raw.promised ? clock(raw.resolutionTarget, raw.end === 'open' ? null : ended) : null,
        spent: raw.spent.map(({ after, minutes, removed }) => ({
          at: bounded(created + after),
          minutes,
          removed: removed === 0,
        })),
        pages: raw.pages.map(({ after, answered }) => {
          const at = bounded(created + after)
          return { created: at, acknowledged: answered === null ? null : at + answered }
        }),
      }
    })

/** Teams, services, integrations, a policy: what tickets refer to. */
export async function createWorld(db: Db): Promise<World> {
  const names = ['one', 'two', 'three']
  const teams = await db
    .insertInto('team')
    .values(names.map((name) => ({ name })))
    .returning('id')
    .execute()
  const services = await db
    .insertInto('service')
    .values(
      names.map((key, index) => ({ key, name: JSON.stringify({ en: key }), team_id: teams[index]!.id })),
    )
    .returning('id')
    .execute()
  const owned = [
    { team: null, service: null },
    { team: teams[0]!.id, service: null },
    { team: teams[0]!.id, service: services[1]!.id },
  ]
  const integrations = await db
    .insertInto('integration')
    .values(
      owned.map((own, index) => ({
        system: 'events',
        name: `i${index}`,
        team_id: own.team,
        service_id: own.service,
      })),
    )
    .returning('id')
    .execute()
  const person = await db
    .insertInto('person')
    .values({ name: 'Ada' })
    .returning('id')
    .executeTakeFirstOrThrow()
  await sql`
    with c as (insert into calendar (name) values ('always') returning id),
    v as (insert into calendar_version (calendar_id, version, effective_from, zone, weekly, always)
          select id, 1, '2020-01-01', 'UTC', '[]', true from c),
    p as (insert into sla_policy (name) values ('usual') returning id)
    insert into sla_policy_version (policy_id, version, effective_from, kinds, calendar_id, targets)
    select p.id, 1, '2020-01-01', '{incident,request,problem}', c.id, '{}' from p, c`.execute(db)
  return {
    teams: teams.map(({ id }) => id),
    services: services.map(({ id }) => id),
    integrations: integrations.map(({ id }, index) => ({
      id,
      team: owned[index]!.service ? teams[1]!.id : owned[index]!.team,
      service: owned[index]!.service,
    })),
    person: person.id,
  }
}

/** Writes stories as they ended, each with its line; `revision` tells a first telling from a later one. */
export async function tell(
  db: Db,
  world: World,
  told: (Story & { number: number })[],
  revision: number,
): Promise<void> {
  const at = (ms: number | null) => (ms === null ? null : new Date(ms).toISOString())
  const rows = told.map((story) => ({
    number: `INC-${story.number}`,
    kind: story.kind,
    state: story.cancelled
      ? 'cancelled'
      : story.closed
        ? 'closed'
        : story.resolved
          ? 'resolved'
          : 'in_progress',
    priority: story.priority,
    service_id: story.service,
    team_id: story.team,
    symptom_key: story.symptom,
    channel: story.channel,
    created_at: at(story.created),
    acknowledged_at: at(story.acknowledged),
    resolved_at: at(story.resolved),
    closed_at: at(story.closed),
    reopen_count: story.reopened,
    merged: story.merged,
    clocks: (['response', 'resolution'] as const).flatMap((target) => {
      const clock = story[target]
      return clock
        ? [{ target, state: clock.state, breached_at: at(clock.breached), stopped_at: at(clock.stopped) }]
        : []
    }),
    spent: story.spent.map((entry) => ({ ...entry, at: at(entry.at) })),
    pages: story.pages.map((page, step) => ({
      step,
      created_at: at(page.created),
      acknowledged_at: at(page.acknowledged),
    })),
  }))
  await transact(db, SYSTEM, async (tx) => {
    await sql`
      with given as (
        select * from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as g(number text, kind text, state text,
          priority text, service_id uuid, team_id uuid, symptom_key text, channel text, created_at timestamptz,
          acknowledged_at timestamptz, resolved_at timestamptz, closed_at timestamptz, reopen_count int, merged bool,
          clocks jsonb, pages jsonb, spent jsonb)
      ), written as (
        insert into ticket (number, kind, state, title, impact, urgency, priority, service_id, team_id, symptom_key,
          channel, created_at, acknowledged_at, resolved_at, closed_at, updated_at, reopen_count, revision)
        select number, kind, state, 'A title', 'low', 'low', priority, service_id, team_id, symptom_key, channel,
          created_at, acknowledged_at, resolved_at, closed_at, created_at, reopen_count, ${revision} from given
        on conflict (number) do update set state = excluded.state, priority = excluded.priority,
          team_id = excluded.team_id, service_id = excluded.service_id, symptom_key = excluded.symptom_key,
          kind = excluded.kind, channel = excluded.channel, acknowledged_at = excluded.acknowledged_at,
          resolved_at = excluded.resolved_at, closed_at = excluded.closed_at, reopen_count = excluded.reopen_count,
          revision = excluded.revision
        returning id, number
      ), clocks as (
        insert into sla_clock (ticket_id, target, policy_version_id, calendar_version_id, target_ms, state, counted_at,
          started_at, stopped_at, breached_at)
        select w.id, c.target, (select id from sla_policy_version), (select id from calendar_version), 1, c.state,
          g.created_at, g.created_at, c.stopped_at, c.breached_at
        from given g join written w using (number),
          jsonb_to_recordset(g.clocks) as c(target text, state text, stopped_at timestamptz, breached_at timestamptz)
        on conflict (ticket_id, target) do update
          set state = excluded.state, stopped_at = excluded.stopped_at, breached_at = excluded.breached_at
      ), pages as (
        insert into page (ticket_id, cycle, step, recipient_id, why, state, created_at, acknowledged_at)
        select w.id, 1, p.step, ${world.person}, '{}', 'ended', p.created_at, p.acknowledged_at
        from given g join written w using (number),
          jsonb_to_recordset(g.pages) as p(step int, created_at timestamptz, acknowledged_at timestamptz)
        on conflict (ticket_id, cycle, step, recipient_id) do update set acknowledged_at = excluded.acknowledged_at
      ), gone as (
        update work_entry set removed_at = now()
        where removed_at is null and ticket_id in (select id from ticket join given using (number))
      ), spent as (
        insert into work_entry (ticket_id, person_id, minutes, at, removed_at, created_at)
        select w.id, ${world.person}, e.minutes, e.at, case when e.removed then now() end, g.created_at
        from given g join written w using (number),
          jsonb_to_recordset(g.spent) as e(at timestamptz, minutes int, removed bool)
      ), lines as (
        insert into activity (id, at, actor_kind, verb, subject_kind, subject_id, ticket_id, revision, visibility)
        select uuidv7(), now(), 'system', 'edit', 'ticket', id, id, ${revision}, 'internal' from written
        returning id, recorded_at
      )
      insert into activity_waiting select id, recorded_at from lines`.execute(tx.db)
    await sql`
      insert into ticket_link (from_id, to_id, kind, created_at)
      select t.id, o.id, 'duplicates', now()
      from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as g(number text, merged bool)
      join ticket t on t.number = g.number, lateral (select id from ticket where id <> t.id limit 1) o
      where g.merged on conflict do nothing`.execute(tx.db)
  })
}
