import { type Event, Mapping, mappingOf, type Unreadable } from '@tocsin/desk'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { circumstancesOf } from '../place.ts'
import { readBody, webhook } from './webhook.ts'
import { guess, guessedMapping, listAlong, listIn } from './webhook-guess.ts'

const receivedAt = new Date('2026-03-02T05:00:00Z')
const told = (mapping: unknown = null, headers: Record<string, string> = {}) =>
  circumstancesOf(
    { path: '', query: {} },
    { headers, receivedAt, mapping: mapping === null ? null : Mapping.parse(mapping) },
  )
const read = (body: unknown, mapping?: unknown, headers?: Record<string, string>) =>
  webhook.read(body, told(mapping, headers))
const event = (body: unknown, mapping?: unknown, headers?: Record<string, string>) => {
  const [first] = read(body, mapping, headers)
  if (!first || first.kind === 'unreadable') throw new Error(`unreadable: ${(first as Unreadable)?.reason}`)
  return first
}
const mapped = (fields: Partial<Mapping['fields']>, more: Partial<Omit<Mapping, 'fields'>> = {}) => ({
  fields,
  ...more,
})

describe('a body that nobody foresaw, read by usual names', () => {
  test.each<[string, unknown, Partial<Event>]>([
    [
      'flat',
      { id: 9, status: 'firing', severity: 'high', message: 'Disk full', hostname: 'web-1', service: 'shop' },
      {
        kind: 'trigger',
        severity: 'error',
        title: 'Disk full',
        dedup_key: '9',
        host: 'web-1',
        service: 'shop',
      },
    ],
    ['a falsy id', { id: 0, title: 'x' }, { dedup_key: '0', kind: 'trigger', severity: 'warning' }],
    [
      'other spellings',
      { Alert_ID: 'a', AlertName: 'CPU', 'Current State': 'OK' },
      { kind: 'resolve', title: 'CPU', dedup_key: 'a' },
    ],
    [
      'nested once',
      { alert: { id: 'x1', title: 'Slow', state: 'Closed' } },
      { kind: 'resolve', title: 'Slow', dedup_key: 'x1' },
    ],
    [
      'yes or no',
      { name: 'Site', check_id: 3, up: false },
      { kind: 'trigger', title: 'Site', dedup_key: '3' },
    ],
    ['no or yes', { name: 'Site', check_id: 3, resolved: true }, { kind: 'resolve' }],
    ['numbered priority', { title: 'x', key: 'k', priority: 1 }, { severity: 'critical', severity_raw: '1' }],
    ['well is a recovery', { title: 'x', key: 'k', level: 'ok' }, { kind: 'resolve' }],
    ['an acknowledgement', { title: 'x', key: 'k', action: 'acknowledged' }, { kind: 'acknowledge' }],
    [
      'a monitor of the type ping',
      { monitor_id: 1, name: 'Shop', type: 'ping', state: 'down' },
      { kind: 'trigger', dedup_key: '1' },
    ],
    ['the type alone', { monitor_id: 1, name: 'Shop', type: 'heartbeat' }, { kind: 'trigger' }],
    ['a word nobody knows', { title: 'x', key: 'k', type: 'metric' }, { kind: 'trigger', flags: [] }],
    [
      'a CloudEvent',
      {
        specversion: '1.0',
        id: 'message-1',
        type: 'com.example.alert.resolved',
        source: '/eu',
        subject: 'queue',
        time: '2026-03-02T04:00:00Z',
        data: { summary: 'The queue grows', severity: 'critical' },
      },
      {
        kind: 'resolve',
        dedup_key: 'queue',
        title: 'The queue grows',
        severity: 'critical',
        starts_at: null,
        ends_at: '2026-03-02T04:00:00Z',
      },
    ],
    [
      'written times',
      { title: 'x', key: 'k', startTime: '2026-03-02 04:00:00' },
      { starts_at: '2026-03-02T04:00:00Z' },
    ],
    [
      'JSON in a form',
      { payload: '{"title":"Down","id":7,"state":"critical"}' },
      { title: 'Down', dedup_key: '7', kind: 'trigger' },
    ],
    ['a link of another kind', { title: 'x', url: 'javascript:alert(1)' }, { link: null }],
    [
      'tags as words',
      { title: 'x', labels: { env: 'prod' }, region: 'eu' },
      { labels: { env: 'prod', region: 'eu' } },
    ],
  ])('%s', (_what, body, expected) => {
    expect(event(body)).toMatchObject(expected)
  })

  test('lists are taken apart, and what stands beside them holds for each', () => {
    const body = {
      status: 'resolved',
      host: 'h',
      alerts: [
        { title: 'a', id: 1 },
        { title: 'b', id: 2 },
      ],
    }
    expect(read(body)).toMatchObject([
      { title: 'a', kind: 'resolve', host: 'h', dedup_key: '1' },
      { title: 'b', kind: 'resolve', host: 'h', dedup_key: '2' },
    ])
    expect(read([{ title: 'a' }, 3])).toMatchObject([{ title: 'a' }, { kind: 'unreadable' }])
  })

  test('a yes or no beside a list holds for it too, and tags may be a list of words', () => {
    expect(read({ resolved: true, alerts: [{ title: 'a', tags: ['line:b', 'wet'] }] })).toMatchObject([
      { kind: 'resolve', labels: { line: 'b', tag_2: 'wet' } },
    ])
  })

  test('a body of very many names is read soon', () => {
    const names = Object.fromEntries(Array.from({ length: 20_000 }, (_, at) => [`k${at}`, at]))
    const started = performance.now()
    expect(read({ ...names, alerts: Array.from({ length: 1_000 }, (_, id) => ({ id })) })).toHaveLength(1_000)
    expect(performance.now() - started).toBeLessThan(3_000)
  })

  test('without a key, the same words about the same thing are the same alert', () => {
    const key = (body: unknown) => event(body).dedup_key
    expect(key({ title: 'x', host: 'a' })).toBe(key({ title: 'x', host: 'a', status: 'ok' }))
    expect(key({ title: 'x', host: 'a' })).not.toBe(key({ title: 'x', host: 'b' }))
  })

  test.each([[{}], [[]], [{ alerts: [] }], ['words'], [null], [{ temperature: 71 }], [{ title: ' ' }]])(
    'what says nothing is put aside: %j',
    (body) => expect(read(body)).toMatchObject([{ kind: 'unreadable' }]),
  )

  test.each<[string, unknown, object]>([
    [
      'what matters further down',
      { webhookEvent: 'jira:issue_created', issue: { id: '99', key: 'JRA-2', fields: { summary: 'Slow' } } },
      { title: 'Slow', dedup_key: '99' },
    ],
    [
      'a name or an id further down is somebody’s',
      { title: 'Full', user: { id: 5, name: 'Rosa', profile: { id: 6 } } },
      { title: 'Full', dedup_key: expect.stringMatching(/^derived:/) as string },
    ],
    [
      'a list one level below',
      { data: { alerts: [{ id: 1, title: 'Full', state: 'down' }] } },
      { title: 'Full', dedup_key: '1', kind: 'trigger' },
    ],
    [
      'other desks’ words',
      { number: 'INC1', short_description: 'Mail is down', urgency: '1' },
      { title: 'Mail is down', dedup_key: 'INC1', severity: 'critical' },
    ],
  ])('%s: %j', (_name, body, expected) => expect(event(body)).toMatchObject(expected))

  test('the guess as a mapping reads the same', () => {
    const bodies: Record<string, unknown>[] = [
      { id: 9, status: 'firing', severity: 'high', message: 'Disk full', 'host-name': 'web-1' },
      { items: [{ alert: { id: 'x', if: 'y' }, title: 't', resolved: true, priority: 2 }] },
      { data: { alerts: [{ id: 1, title: 'a', state: 'down' }] } },
      { issue: { key: 'JRA-2', fields: { summary: 'Slow', status: { name: 'Open' } } } },
    ]
    for (const body of bodies) {
      const list = listIn(body)
      const [element] = [listAlong(body, list)].flat() as Record<string, unknown>[]
      const mapping = guessedMapping(list, guess(element!))
      expect({ ...event(body, mapping), labels: {} }).toEqual({ ...event(body), labels: {} })
    }
  })
})

describe('a mapping', () => {
  const body = {
    site: 'Turin',
    readings: [
      { sensor: 'T1', deg: 71.5, bad: true, at: 1_772_424_669 },
      { sensor: 'T2', deg: 20, bad: false, at: 1_772_424_669 },
    ],
  }
  const mapping = mapped(
    {
      status: 'item.bad ? "ALARM" : "CALM"',
      severity: 'item.deg > 70.0 ? "hot" : "cold"',
      title: '"Sensor " + item.sensor + " in " + body.site',
      dedup_key: 'item.sensor',
      host: 'headers["x-gateway"]',
      starts_at: 'item.at',
      labels: '{"site": body.site, "degrees": string(item.deg), "count": 2}',
    },
    {
      elements: 'body.readings',
      severities: { Hot: 'critical', cold: 'ok' },
      statuses: { alarm: 'firing', calm: 'resolved' },
    },
  )

  test('gives an event an element, with the sender’s words in ours', () => {
    expect(read(body, mapping, { 'x-gateway': 'g1' })).toMatchObject([
      {
        kind: 'trigger',
        severity: 'critical',
        severity_raw: 'hot',
        title: 'Sensor T1 in Turin',
        dedup_key: 'T1',
        host: 'g1',
        starts_at: '2026-03-02T04:11:09.000Z',
        labels: { site: 'Turin', degrees: '71.5', count: '2' },
        flags: [],
      },
      { kind: 'resolve', severity: 'ok', dedup_key: 'T2' },
    ])
  })

  test('sees no secret of the request', () => {
    const seen = mapped({ title: 'headers["authorization"]', dedup_key: '"k"' })
    expect(event({}, seen, { authorization: 'Bearer hush' }).title).toBe('[redacted]')
  })

  test('what one expression cannot do costs its field alone, unless it is title and key', () => {
    expect(event({ t: 'x' }, mapped({ title: 'body.t', host: 'body.nowhere' }))).toMatchObject({
      title: 'x',
      host: null,
      flags: ['host-unread'],
    })
    const [letter] = readBody({ t: 'x' }, told(mapped({ title: 'body.name', dedup_key: 'body.id' })))
    expect(letter!.event).toMatchObject({ kind: 'unreadable', element: '{"t":"x"}' })
    expect((letter!.event as Unreadable).reason).toContain('No such key: name')
    expect(letter!.failures.map(({ path }) => path)).toEqual(['fields.title', 'fields.dedup_key'])
  })

  test('of elements that are not there puts the body aside, as it was sent', () => {
    const sent = { payload: '{"a":1}' }
    const [letter] = read(sent, mapped({ title: 'item.t' }, { elements: 'body.list' })) as Unreadable[]
    expect(letter).toMatchObject({ kind: 'unreadable', element: JSON.stringify(sent) })
  })

  test('reads a thousand elements and puts the rest aside', () => {
    const list = Array.from({ length: 1_003 }, (_, id) => ({ id }))
    const events = read({ list }, mapped({ dedup_key: 'item.id' }, { elements: 'body.list' }))
    expect(events).toHaveLength(1_001)
    expect((events.at(-1) as Unreadable).reason).toContain('these 3')
  })

  test('a word that is nobody’s fires, and says so', () => {
    const event_ = event({ s: 'weird' }, mapped({ title: '"x"', status: 'body.s' }))
    expect(event_).toMatchObject({ kind: 'trigger', flags: ['status-unknown'] })
  })

  test('as settings hold it, or nothing that it could be', () => {
    const { severities, statuses, ...rest } = Mapping.parse(mapping)
    expect(mappingOf({ version: 3, ...rest, severities, statuses })).toMatchObject({
      version: 3,
      mapping: rest,
    })
    expect(mappingOf(null)).toEqual({ version: 0, mapping: null })
    expect(mappingOf({ version: 1, fields: 3 })).toEqual({ version: 0, mapping: null })
  })

  test('nothing that is sent makes it throw', () => {
    const odd = mapped(
      {
        status: 'body.list.exists(x, x.a == item) ? "a" : item.b',
        title: 'item.title + string(item.n)',
        dedup_key: 'item',
        starts_at: 'timestamp(item.t)',
        labels: 'item.labels',
        link: 'item.map(x, x)',
        severity: 'item[0]',
      },
      { elements: 'body' },
    )
    const anything = fc.oneof(
      fc.jsonValue(),
      fc.dictionary(
        fc.constantFrom(
          'title',
          'status',
          'id',
          'alerts',
          'data',
          'labels',
          'host',
          '__proto__',
          'constructor',
          'b',
          'time',
        ),
        fc.jsonValue(),
      ),
    )
    fc.assert(
      fc.property(anything, fc.constantFrom(null, odd, mapping), (given, how) => {
        for (const one of read(given, how)) expect(one.kind).toBeTypeOf('string')
        expect(webhook.readElement(given, told(how)).kind).toBeTypeOf('string')
      }),
      { seed: 20_261_122, numRuns: 400 },
    )
  })
})
