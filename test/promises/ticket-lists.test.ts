import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  aTeam,
  database,
  someone,
  type Someone,
  testApi,
  type TestApi,
  type TestDatabase,
} from '../harness/index.ts'

interface Row {
  id: string
  number: string
  kind: string
  state: string
  priority: string
  channel: string
  title: string
  team_id: string | null
  service_id: string | null
  requester_id: string | null
  reporter_id: string | null
  assignee_id: string | null
  category_id: string | null
  confidential: boolean
  created_at: Date
  updated_at: Date
  acknowledged_at: Date | null
  resolved_at: Date | null
  due_at: Date | null
  responded_at: Date | null
}
interface Reads {
  who: Someone
  administrator?: boolean
  teams: string[]
  manages?: string
}

const SEED = 20261122
const TICKETS = 500
const WORDS = [
  'disk',
  'diskette',
  'mail',
  'printer',
  'the',
  'tea',
  'payments',
  'zeta',
  'web',
  'network',
  't',
  'p',
]
const STATES = ['new', 'in_progress', 'pending', 'resolved', 'closed', 'cancelled']

let record: TestDatabase
let api: TestApi
let teams: string[]
let readers: Reads[]
let rows: Row[]
let watched: Set<string>
let paged: Set<string>
/** A category with what stands beneath it. */
const beneath = new Map<string, string[]>()

beforeAll(async () => {
  record = await database()
  api = testApi(record.db)
  const { db } = record
  teams = [await aTeam(db, 'Databases'), await aTeam(db, 'Network'), await aTeam(db, 'Empty')]
  const agentOf = (teamId: string) => someone(db, [{ role: 'agent', teamId }])
  readers = [
    { who: await someone(db, [{ role: 'administrator' }]), administrator: true, teams: [] },
    { who: await agentOf(teams[0]!), teams: [teams[0]!] },
    {
      who: await someone(db, [{ role: 'manager', teamId: teams[1]! }]),
      teams: [teams[1]!],
      manages: teams[1]!,
    },
    { who: await agentOf(teams[2]!), teams: [teams[2]!] },
    { who: await someone(db), teams: [] },
    { who: await someone(db), teams: [] },
  ]
  const people = readers.map(({ who }) => who.id)
  // A fraction that looks random and is the same every time.
  const chance = (salt: number) => `((hashint4extended(n, ${SEED + salt}) & 1048575) / 1048576.0)`
  const one = (of: string, salt: number, size: number) => `(${of})[1 + floor(${size} * ${chance(salt)})::int]`
  await sql`insert into service (key, name) values ('shop', '{"en": "Shop"}'), ('till', '{"en": "Till"}')`.execute(
    db,
  )
  await sql`
    insert into ticket (number, kind, state, priority, impact, urgency, channel, title, team_id, service_id,
      requester_id, reporter_id, assignee_id, confidential, created_at, updated_at, acknowledged_at, resolved_at, due_at)
    select 'INC-' || n, ${sql.raw(one(`array['incident', 'incident', 'incident', 'request', 'problem']`, 1, 5))},
      ${sql.raw(one(`array['${STATES.join(`','`)}']`, 2, 6))}, 'P' || (1 + floor(5 * ${sql.raw(chance(3))}))::int, 'low', 'low',
      ${sql.raw(one(`array['portal', 'email', 'monitoring']`, 4, 3))},
      ${sql.raw(one('words', 5, WORDS.length))} || '-' || ${sql.raw(one('words', 6, WORDS.length))} || ' ' || ${sql.raw(one('words', 7, WORDS.length))},
      ${sql.raw(one('teams', 8, 3))}, (select id from service where key = ${sql.raw(one(`array['shop', 'till', '']`, 9, 3))}),
      ${sql.raw(one('people', 10, 60))}, ${sql.raw(one('people', 11, 60))}, ${sql.raw(one('people', 12, 30))}, ${sql.raw(chance(13))} < 0.1,
      opened, opened + interval '1 day' * ${sql.raw(chance(14))},
      case when ${sql.raw(chance(15))} < 0.8 then opened + interval '9 days' * ${sql.raw(chance(16))} end,
      case when ${sql.raw(chance(17))} < 0.7 then opened + interval '30 days' * (${sql.raw(chance(18))} - 0.1) end,
      case when ${sql.raw(chance(19))} < 0.3 then opened + interval '1 year' end
    from (select ${teams.slice(0, 2)}::uuid[] as teams, ${people}::uuid[] as people, ${WORDS}::text[] as words) world,
      generate_series(1, ${sql.raw(String(TICKETS))}) n,
      lateral (select timestamptz '2026-01-01' + interval '1 hour' * floor(4000 * ${sql.raw(chance(20))}) as opened) at`.execute(
    db,
  )
  const { rows: categories } = await sql<{ id: string; key: string }>`
    with above as (insert into category (key, name) values ('device', '{"en": "Device"}') returning id, key),
      beneath as (insert into category (key, name, parent_id)
        select k, '{"en": "x"}', id from above, unnest(array['laptop', 'phone']) k returning id, key)
    select id, key from above union all select id, key from beneath`.execute(db)
  for (const { id, key } of categories) beneath.set(key, [id])
  beneath.set(
    'device',
    categories.map(({ id }) => id),
  )
  await sql`update ticket set category_id = (array[${sql.join(categories.map(({ id }) => sql`${id}::uuid`))}, null])[1 + abs(hashtext(number)) % 4]`.execute(
    db,
  )
  await sql`update ticket set search = search_document(title || ' ' || description)`.execute(db)
  await sql`insert into calendar (name) values ('always')`.execute(db)
  await sql`insert into calendar_version (calendar_id, version, effective_from, zone, weekly, always)
    select id, 1, '2020-01-01', 'UTC', '[]', true from calendar where name = 'always'`.execute(db)
  await sql`insert into sla_policy (name) values ('usual')`.execute(db)
  await sql`insert into sla_policy_version (policy_id, version, effective_from, kinds, calendar_id, targets)
    select p.id, 1, '2020-01-01', '{incident}', c.id, '{}' from sla_policy p, calendar c
    where p.name = 'usual' and c.name = 'always'`.execute(db)
  await sql`insert into sla_clock (ticket_id, target, policy_version_id, calendar_version_id, target_ms, state, counted_at,
      started_at, stopped_at)
    select t.id, 'response', p.id, c.id, 1000, 'met', t.created_at, t.created_at, t.acknowledged_at
    from ticket t, (select id from sla_policy_version limit 1) p, (select id from calendar_version limit 1) c`.execute(
    db,
  )
  // One in forty is watched by each reader, and another in forty woke them.
  await sql`insert into watcher (ticket_id, person_id)
    select t.id, p.id from ticket t, person p
    where p.id = any(${people}::uuid[]) and hashtext(t.number || p.name) % 40 = 0`.execute(db)
  await sql`insert into page (ticket_id, cycle, step, recipient_id, why, state, created_at)
    select t.id, 1, 0, p.id, '{}', 'ended', t.created_at from ticket t, person p
    where p.id = any(${people}::uuid[]) and hashtext(p.name || t.number) % 40 = 0`.execute(db)
  rows = (
    await sql<Row>`select t.*, (select stopped_at from sla_clock c where c.ticket_id = t.id) as responded_at
      from ticket t`.execute(db)
  ).rows
  const pairs = async (table: 'watcher' | 'page', person: string) =>
    (
      await sql<{
        pair: string
      }>`select ticket_id || ' ' || ${sql.ref(person)} as pair from ${sql.table(table)}`.execute(db)
    ).rows.map(({ pair }) => pair)
  watched = new Set(await pairs('watcher', 'person_id'))
  paged = new Set(await pairs('page', 'recipient_id'))
})
afterAll(() => record.drop())

/** Who sees what, told once more in plain words. */
function sees({ who, administrator, teams: own, manages }: Reads, row: Row): boolean {
  if (administrator) return true
  if ([row.requester_id, row.reporter_id, row.assignee_id].includes(who.id)) return true
  if (watched.has(`${row.id} ${who.id}`)) return true
  if (own.length === 0) return false
  if (paged.has(`${row.id} ${who.id}`)) return true
  if (row.confidential) return row.team_id !== null && row.team_id === manages
  return row.team_id === null || own.includes(row.team_id)
}

type Asked = Record<string, string>
const within = (at: Date | null, from?: string, to?: string) =>
  (!from && !to) || (at !== null && (!from || at >= new Date(from)) && (!to || at < new Date(to)))

function matches(asked: Asked, { who, teams: own }: Reads, row: Row): boolean {
  const { q, state, team, assignee, service } = asked
  const titled = row.title.split(/[^a-z]+/)
  const open = !['resolved', 'closed', 'cancelled'].includes(row.state)
  const wanted = { Databases: teams[0], Network: teams[1], Empty: teams[2] }[team ?? ''] ?? team
  return (
    (!q || q.split(/[^a-z]+/).every((word) => titled.some((each) => each.startsWith(word)))) &&
    (!state || (state === 'open' ? open : state.split(',').includes(row.state))) &&
    (!asked.kind || asked.kind === row.kind) &&
    (!asked.priority || asked.priority.split(',').includes(row.priority)) &&
    (!asked.channel || asked.channel === row.channel) &&
    (!team ||
      (team === 'none'
        ? row.team_id === null
        : team === 'mine'
          ? own.includes(row.team_id!)
          : row.team_id === wanted)) &&
    (!assignee || (assignee === 'me' ? row.assignee_id === who.id : row.assignee_id === null)) &&
    (!asked.category || beneath.get(asked.category)!.includes(row.category_id!)) &&
    (!service || row.service_id === services.get(service)) &&
    within(row.created_at, asked.created_from, asked.created_to) &&
    within(row.resolved_at, asked.resolved_from, asked.resolved_to) &&
    within(row.acknowledged_at, asked.acknowledged_from, asked.acknowledged_to) &&
    within(row.responded_at, asked.responded_from, asked.responded_to)
  )
}

const services = new Map<string, string>()
beforeAll(async () => {
  for (const { id, key } of await record.db.selectFrom('service').select(['id', 'key']).execute())
    services.set(key, id)
})

const LATE = 8.64e15
const ORDERS: Record<string, (row: Row) => (string | number)[]> = {
  '-created': (row) => [row.created_at.getTime(), row.id],
  created: (row) => [row.created_at.getTime(), row.id],
  '-updated': (row) => [row.updated_at.getTime(), row.id],
  priority: (row) => [row.priority, row.created_at.getTime(), row.id],
  due: (row) => [row.due_at?.getTime() ?? LATE, row.id],
}
function ordered(sort: string, found: Row[]): string[] {
  const key = ORDERS[sort]!
  const upwards = found.toSorted((one, other) => {
    const [a, b] = [key(one), key(other)]
    const at = a.findIndex((each, index) => each !== b[index])
    return at < 0 ? 0 : a[at]! < b[at]! ? -1 : 1
  })
  return (sort.startsWith('-') ? upwards.reverse() : upwards).map(({ number }) => number)
}

async function listed(reader: Reads, asked: Asked, sort: string): Promise<string[]> {
  const numbers: string[] = []
  let next: string | null = null
  do {
    const query = new URLSearchParams({ ...asked, sort, limit: '60', ...(next && { cursor: next }) })
    const answer = await api.call(reader.who.key, 'GET', `/api/v1/tickets?${query.toString()}`)
    expect(answer.status).toBe(200)
    const page = (await answer.json()) as { items: { number: string }[]; next: string | null }
    numbers.push(...page.items.map(({ number }) => number))
    next = page.next
  } while (next)
  return numbers
}

type Case = [reader: Reads, asked: Asked, sort: string]

/** The lists that are not what reading every ticket tells, in words. */
async function mistakes(cases: Case[]): Promise<string[]> {
  const wrong: string[] = []
  let met = 0
  for (const [reader, asked, sort] of cases) {
    const expected = ordered(
      sort,
      rows.filter((row) => sees(reader, row) && matches(asked, reader, row)),
    )
    met += expected.length
    const found = await listed(reader, asked, sort)
    if (found.join() !== expected.join())
      wrong.push(`${JSON.stringify(asked)} by ${sort}: ${found.join()} instead of ${expected.join()}`)
  }
  return met > 100 ? wrong : ['hardly a ticket was met']
}

const SORTS = Object.keys(ORDERS)

describe('a list tells what reading every ticket would', () => {
  it('to everybody, in every order', async () => {
    expect(
      await mistakes(readers.flatMap((reader) => SORTS.map((sort): Case => [reader, {}, sort]))),
    ).toEqual([])
  })

  it('for words, common and rare, within and beyond the reader’s teams', async () => {
    const words = ['d', 'disk', 'diskette', 't', 'p te', 'zeta web', 'nothing']
    expect(
      await mistakes(readers.flatMap((reader) => words.map((q): Case => [reader, { q }, '-created']))),
    ).toEqual([])
  })

  it('for somebody else’s team, of which only what names the reader is shown', async () => {
    const asked = ['Network', 'Databases', 'Empty', teams[1]!, 'mine', 'none'].flatMap((team): Asked[] => [
      { team },
      { team, q: 'disk' },
    ])
    expect(
      await mistakes(readers.flatMap((reader) => asked.map((each): Case => [reader, each, '-updated']))),
    ).toEqual([])
    expect(await listed(readers[0]!, { team: 'No such team' }, 'due')).toEqual([])
  })

  it('for a category with what stands beneath it, by priority too', async () => {
    const asked: Asked[] = [
      { category: 'device' },
      { category: 'phone' },
      { category: 'device', priority: 'P2,P4' },
      { category: 'device', state: 'closed' },
    ]
    const cases = readers.flatMap((reader) =>
      asked.flatMap((each) => ['priority', '-created'].map((sort): Case => [reader, each, sort])),
    )
    expect(await mistakes(cases)).toEqual([])
  })

  it('for filters in any company', async () => {
    const chance = random(SEED)
    const pick = <T>(from: readonly T[]): T => from[Math.floor(chance() * from.length)]!
    const month = () => `2026-0${1 + Math.floor(chance() * 6)}-01T00:00:00.000Z`
    const booked = () =>
      `${pick(['created', 'resolved', 'acknowledged', 'responded'])}_${pick(['from', 'to'])}`
    const ways: (() => Asked)[] = [
      () => ({ q: pick(['d', 'mail', 'te', 'web p', 'zeta']) }),
      () => ({ state: pick(['open', 'closed', 'new,pending', 'resolved,new']) }),
      () => ({ kind: pick(['incident', 'request', 'problem', 'change']) }),
      () => ({ priority: pick(['P1', 'P5', 'P2,P3']) }),
      () => ({ channel: pick(['portal', 'import']) }),
      () => ({ team: pick(['Databases', 'Network', 'mine', 'none']) }),
      () => ({ assignee: pick(['me', 'none']) }),
      () => ({ service: pick(['shop', 'till']) }),
      () => ({ [booked()]: month() }),
    ]
    const cases = Array.from({ length: 100 }, (): Case => {
      const asked: Asked = Object.assign({}, ...ways.filter(() => chance() < 0.25).map((way) => way()))
      return [pick(readers), asked, pick(SORTS)]
    })
    expect(await mistakes(cases)).toEqual([])
  })
})

/** The same numbers every time (mulberry32). */
function random(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}
