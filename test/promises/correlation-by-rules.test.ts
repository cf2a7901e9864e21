import {
  type Beside,
  compileRules,
  createService,
  editTicket,
  NO_RULES,
  publishRuleset,
  readRuleset,
  type Rule,
  sweepAlerts,
  sweepRecoveries,
  SYSTEM,
  transact,
} from '@tocsin/desk'
import { sql } from 'kysely'
import { afterEach, describe, expect, test } from 'vitest'
import { aRule, aSource, doorOverDatabase, someone } from '../harness/index.ts'

const on = doorOverDatabase()

async function publish(rules: Rule[], beside: Partial<(typeof Beside)['_output']> = {}) {
  const { version } = await readRuleset(on.base.db)
  const body = { rules, beside: { ...NO_RULES.beside, ...beside } }
  compileRules({ ...body, version })
  return transact(on.base.db, SYSTEM, (tx) => publishRuleset(tx, { base: version, ...body }))
}
afterEach(() => publish([]))

async function pass(seconds: number) {
  await on.moveOn(seconds)
  await sweepRecoveries(on.base.db)
}

async function source() {
  const one = await aSource(on)
  const links = () =>
    on.base.db
      .selectFrom('alert_link as l')
      .innerJoin('alert as a', 'a.id', 'l.alert_id')
      .innerJoin('ticket as t', 't.id', 'l.ticket_id')
      .select(['a.dedup_key', 'l.how', 'l.evidence', 't.number', 't.kind', 't.state', 't.priority', 't.id'])
      .where('a.integration_id', '=', one.id)
      .orderBy('l.linked_at')
      .orderBy('l.id')
      .execute()
  return { ...one, links }
}
const numbers = (links: { number: string }[]) => new Set(links.map(({ number }) => number)).size

describe('rules in the order that people gave them', () => {
  test('group what belongs together, over integrations, with their version as evidence', async () => {
    const version = await publish([
      aRule({ name: 'Per customer', when: 'has(labels.customer)', group_by: ['labels.customer'] }),
    ])
    const [one, two] = [await source(), await source()]
    await one.say({ dedup_key: 'a', title: 'A', labels: { customer: 'valdora' } })
    await two.say(
      { dedup_key: 'b', title: 'B', labels: { customer: 'valdora' } },
      { dedup_key: 'c', title: 'C', labels: { customer: 'other' } },
      { dedup_key: 'd', title: 'D' },
    )
    const links = [...(await one.links()), ...(await two.links())]
    expect(links.map(({ dedup_key, how }) => [dedup_key, how])).toEqual([
      ['a', 'opened'],
      ['b', 'joined'],
      ['c', 'opened'],
      ['d', 'opened'],
    ])
    expect(links[0]!.number).toBe(links[1]!.number)
    expect(links[1]!.evidence).toMatchObject({
      name: 'Per customer',
      version,
      matched: { 'labels.customer': 'valdora' },
    })
    expect(links[3]!.evidence).toMatchObject({ rule: 'default', version })
  })

  test('open a request, or nothing, or wait for a person', async () => {
    await publish([
      aRule({
        when: 'labels.alertname == "CertificateExpires"',
        opens: 'request',
        impact: 'low',
        urgency: 'low',
      }),
      aRule({ when: 'title == "noise"', opens: 'nothing' }),
      aRule({ when: 'title == "unsure"', confirm: true }),
      aRule({ when: 'title == "noise"', opens: 'incident' }),
    ])
    const one = await source()
    await one.say(
      { dedup_key: 'a', title: 'Expires in 30 days', labels: { alertname: 'CertificateExpires' } },
      { dedup_key: 'b', title: 'noise' },
      { dedup_key: 'c', title: 'unsure' },
    )
    expect(await one.links()).toMatchObject([{ dedup_key: 'a', kind: 'request', priority: 'P5' }])
    expect(await one.buckets()).toEqual(['opened', 'recorded', 'held'])
    const proposals = await on.base.db.selectFrom('proposal').select(['state', 'evidence']).execute()
    expect(proposals).toMatchObject([{ state: 'open', evidence: { confirm: true } }])
  })

  test('a condition over what an event does not have does not hold', async () => {
    await publish([aRule({ when: 'labels.nowhere == "x"', opens: 'nothing' })])
    const one = await source()
    await one.say({ dedup_key: 'a', title: 'A' })
    expect(await one.buckets()).toEqual(['opened'])
  })

  test.each(['first', 'last', 'all', 'never'] as const)('resolve on %s', async (resolve_on) => {
    await publish([aRule({ group_by: ['integration'], resolve_on })])
    const one = await source()
    await one.say(
      { dedup_key: 'a', title: 'A' },
      { dedup_key: 'b', title: 'B' },
      { dedup_key: 'c', title: 'C' },
    )
    const after: Record<string, string> = {}
    for (const key of ['a', 'c', 'b']) {
      await one.say({ kind: 'resolve', dedup_key: key })
      await pass(16)
      after[key] = (await one.links())[0]!.state
    }
    const open = { a: 'new', c: 'new', b: 'new' }
    expect(after).toEqual(
      {
        first: { a: 'resolved', c: 'resolved', b: 'resolved' },
        last: { ...open, c: 'resolved', b: 'resolved' },
        all: { ...open, b: 'resolved' },
        never: open,
      }[resolve_on],
    )
  })

  test('two who publish from the same version: the second hears it', async () => {
    const { version } = await readRuleset(on.base.db)
    const body = { rules: [], beside: NO_RULES.beside }
    const both = await Promise.allSettled(
      [1, 2].map(() => transact(on.base.db, SYSTEM, (tx) => publishRuleset(tx, { base: version, ...body }))),
    )
    expect(both.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected'])
    expect((await readRuleset(on.base.db)).version).toBe(version + 1)
  })
})

describe('the service map', () => {
  test('what depends on a database that is down joins its incident, with the path', async () => {
    const [web, app] = await transact(on.base.db, SYSTEM, async (tx) => [
      await createService(tx, { key: 'map-web', name: { en: 'Web' } }),
      await createService(tx, { key: 'map-app', name: { en: 'App' } }),
    ])
    const db = await on.base.db
      .insertInto('configuration_item')
      .values({ name: 'map-db-1', kind: 'database', service_id: app! })
      .returning('id')
      .executeTakeFirstOrThrow()
    await on.base.db
      .insertInto('service_dependency')
      .values({ service_id: web!, depends_on_id: app! })
      .execute()
    const one = await source()
    await one.say(
      { dedup_key: 'w', title: 'Web slow', service: 'map-web', labels: { alertname: 'Slow' } },
      { dedup_key: 'd', title: 'Database down', host: 'map-db-1', labels: { alertname: 'Down' } },
      { dedup_key: 'x', title: 'Elsewhere', labels: { alertname: 'Other' } },
    )
    const links = await one.links()
    expect(numbers(links)).toBe(2)
    const symptom = links.find(({ dedup_key }) => dedup_key === 'w')!
    expect(symptom).toMatchObject({
      how: 'joined',
      evidence: { beside: 'service_map', path: [web, app, db.id] },
    })
    expect(symptom.number).toBe(links.find(({ dedup_key }) => dedup_key === 'd')!.number)
  })

  test('one machine seen by two systems is one incident', async () => {
    await on.base.db.insertInto('configuration_item').values({ name: 'seen-twice', kind: 'vm' }).execute()
    const [one, two] = [await source(), await source()]
    await one.say({ dedup_key: 'a', title: 'Down', host: 'seen-twice:9100' })
    await two.say({ dedup_key: 'b', title: 'Unreachable', host: 'seen-twice' })
    expect(numbers([...(await one.links()), ...(await two.links())])).toBe(1)
  })
})

test.each([
  ['Certificate of shop.example expires in 30 days', {}, 'warning', 'certificate'],
  ['It will end', { alertname: 'SSLCertExpiringSoon' }, 'warning', 'certificate'],
  ['Certificate of shop.example expires tomorrow', {}, 'critical', undefined],
  ['Filesystem is filling up', { alertname: 'NodeFilesystemSpaceFillingUp' }, 'warning', 'disk'],
  ['Disk / of db-1 fills within a week', {}, 'error', 'disk'],
  ['Disk failed', {}, 'error', undefined],
  ['Rollout of shop 4.2', {}, 'info', 'deployment'],
  ['Anything', { env: 'staging' }, 'critical', 'test'],
  ['Anything', { env: 'prod' }, 'critical', undefined],
] as const)(
  'an example of the page decides about “%s” %j (%s): %s',
  async (title, labels, severity, name) => {
    const file = new URL('../../ui/src/routes/(admin)/admin/rules/examples.ts', import.meta.url).href
    const { EXAMPLES } = (await import(file)) as { EXAMPLES: Record<string, Partial<Rule>> }
    const rules = Object.entries(EXAMPLES).map(([id, example]) => aRule({ ...example, name: id }))
    const one = await source()
    await publish(rules)
    await one.say({ dedup_key: title, title, labels, severity })
    const { rows } = await sql<{ name: string | null }>`
    select why ->> 'name' as name from activity where subject_kind = 'alert' and subject_id = ${(await one.alert(title)).id}
    order by id limit 1`.execute(on.base.db)
    expect(rows[0]?.name ?? undefined).toBe(name)
  },
)

describe('a rule that makes change events', () => {
  test('puts each opening on its service, once, whatever repeats or was held back; nothing opens', async () => {
    const service = await transact(on.base.db, SYSTEM, (tx) =>
      createService(tx, { key: 'deployed', name: { en: 'Deployed' } }),
    )
    const patience = { hold_seconds: 30, threshold: null, flapping: null, expire_minutes: null }
    await publish([
      aRule({ when: 'title == "held"', opens: 'change_event', service_id: service, patience }),
      aRule({ when: 'labels.alertname == "Rollout"', opens: 'change_event' }),
    ])
    const one = await source()
    const rollout = {
      dedup_key: 'r',
      title: 'Shop 4.2',
      service: 'deployed',
      labels: { alertname: 'Rollout' },
    }
    await one.say(rollout, rollout)
    await one.say(rollout, { dedup_key: 'h', title: 'held' })
    const told = async () => {
      const rows = await on.base.db
        .selectFrom('change_event')
        .select(['title', 'service_id'])
        .where('integration_id', '=', one.id)
        .orderBy('title')
        .execute()
      return rows.map(({ title, service_id }) => [title, service_id === service])
    }
    expect(await told()).toEqual([['Shop 4.2', true]])
    await on.moveOn(31)
    await sweepAlerts(on.base.db)
    expect(await told()).toEqual([
      ['Shop 4.2', true],
      ['held', true],
    ])
    expect(await one.links()).toEqual([])
  })
})

describe('worse than it began', () => {
  const severe = (key: string, severity: string) => ({ dedup_key: key, title: key, severity })
  const priority = async (one: Awaited<ReturnType<typeof source>>) => (await one.links())[0]!.priority

  test('a ticket rises with the worst of its alerts, and does not fall with them', async () => {
    await publish([aRule({ group_by: ['integration'] })])
    const one = await source()
    await one.say(severe('a', 'warning'))
    expect(await priority(one)).toBe('P3')
    await one.say(severe('a', 'critical'))
    expect(await priority(one)).toBe('P1')
    await one.say(severe('a', 'info'))
    expect(await one.alert('a')).toMatchObject({ severity: 'info' })
    expect(await priority(one)).toBe('P1')
    const two = await source()
    await two.say(severe('a', 'warning'), severe('a', 'error'))
    await two.say(severe('b', 'critical'))
    expect(await priority(two)).toBe('P1')
    const lines = await on.base.db
      .selectFrom('activity')
      .select(['actor_kind', 'why', 'cause'])
      .where('ticket_id', '=', (await one.links())[0]!.id)
      .where('verb', '=', 'edit')
      .execute()
    expect(lines).toMatchObject([
      { actor_kind: 'rule', why: { rule: 'severity', severity: 'critical' }, cause: { kind: 'alert' } },
    ])
  })

  test('not past what its rule or a person has set', async () => {
    await publish([
      aRule({ when: 'title == "fixed"', group_by: ['integration'], impact: 'low', urgency: 'low' }),
      aRule({ group_by: ['integration'] }),
    ])
    const one = await source()
    await one.say(severe('fixed', 'warning'))
    await one.say(severe('fixed', 'critical'))
    expect(await priority(one)).toBe('P5')
    const two = await source()
    await two.say(severe('a', 'warning'))
    const { id } = (await two.links())[0]!
    const person = await someone(on.base.db)
    await transact(on.base.db, { kind: 'person', id: person.id }, (tx) =>
      editTicket(tx, { id, impact: 'low', urgency: 'low' }),
    )
    await two.say(severe('a', 'critical'))
    expect(await priority(two)).toBe('P5')
  })
})

test('a storm goes on beyond its window while it lasts, and what begins after its end opens anew', async () => {
  await publish([], { storm: { on: true, openings: 3, window_minutes: 5 } })
  const one = await source()
  const burst = (name: string) =>
    one.say(
      ...Array.from({ length: 8 }, (_, index) => ({
        dedup_key: `${name}${index}`,
        title: `${name} ${index}`,
      })),
    )
  await burst('a')
  expect(numbers(await one.links())).toBe(4)
  for (const name of ['b', 'c', 'd']) {
    await pass(240)
    await burst(name)
  }
  expect(numbers(await one.links())).toBe(4)
  await pass(301)
  await one.say({ dedup_key: 'after', title: 'After the storm' })
  expect((await one.links()).at(-1)).toMatchObject({ dedup_key: 'after', how: 'opened' })
  expect(numbers(await one.links())).toBe(5)
})

describe('firing again within the hold', () => {
  test('continues the incident after the window of its rule, and opens a new one later', async () => {
    await publish([aRule({ group_by: ['dedup_key'], window_minutes: 5 })])
    const one = await source()
    await one.say({ dedup_key: 'a', title: 'A' })
    await pass(600)
    await one.say({ kind: 'resolve', dedup_key: 'a' })
    await pass(10)
    await one.say({ dedup_key: 'a', title: 'A' })
    const links = await one.links()
    expect(numbers(links)).toBe(1)
    expect(links.at(-1)).toMatchObject({ how: 'joined', state: 'new', evidence: { beside: 'hold' } })
    await one.say({ kind: 'resolve', dedup_key: 'a' })
    await pass(16)
    await one.say({ dedup_key: 'a', title: 'A' })
    expect((await one.links()).at(-1)).toMatchObject({ how: 'opened', evidence: { recurs: links[0]!.id } })
  })
})

test('a storm is gathered, and other trouble in the middle of it is heard', async () => {
  await publish([], { storm: { on: true, openings: 5, window_minutes: 5 } })
  const one = await source()
  const key = (index: number) => ({ dedup_key: `s${index}`, title: `Node ${index} down` })
  await one.say(...Array.from({ length: 50 }, (_, index) => key(index)))
  await one.say(...Array.from({ length: 50 }, (_, index) => key(50 + index)))
  expect(numbers(await one.links())).toBe(6)
  const other = await source()
  await other.say({ dedup_key: 'o', title: 'Something else' })
  expect(await other.links()).toMatchObject([{ how: 'opened' }])
  expect(await one.buckets()).toHaveLength(100)
})

test('a rule that opens as many as it may in an hour gathers the rest in its last ticket, over sources', async () => {
  await publish([aRule({ name: 'Two an hour', group_by: ['dedup_key'], most_per_hour: 2 })])
  const [one, two] = [await source(), await source()]
  await one.say({ dedup_key: 'a', title: 'A' })
  await two.say(...['b', 'c', 'd'].map((key) => ({ dedup_key: key, title: key })))
  const links = [...(await one.links()), ...(await two.links())]
  expect(links.map(({ how }) => how)).toEqual(['opened', 'opened', 'joined', 'joined'])
  expect(numbers(links)).toBe(2)
  expect(links[3]).toMatchObject({ evidence: { beside: 'limit', most_per_hour: 2 } })
  await pass(3_601)
  await one.say({ dedup_key: 'e', title: 'E' })
  expect((await one.links()).at(-1)).toMatchObject({ dedup_key: 'e', how: 'opened' })
})
