import { describe, expect, test } from 'vitest'
import { aRule } from '../../../test/harness/rules.ts'
import type { Match } from './match.ts'
import { type Claim, type OpenTicket, placeClaims, type Placing, type View } from './placement.ts'
import { NO_RULES, type Rule } from './ruleset.ts'

const NOW = 10_000_000
const MINUTE = 60_000
const rule = (over: Partial<Rule> = {}) => aRule({ id: 'r', name: 'Rule', ...over })
const match = (groupKey: string, own: Rule | null = null): Match => ({
  rule: own?.id ?? 'default',
  version: 3,
  own,
  groupKey,
  matched: { group: groupKey },
  terms: null,
})
const claim = (groupKey: string, over: Partial<Claim> = {}, own: Rule | null = null): Claim => ({
  key: 'k',
  episode: 1,
  continues: null,
  match: match(groupKey, own),
  mayOpen: true,
  severity: 'error',
  integrationId: 'i',
  node: null,
  onCi: false,
  serviceId: null,
  ...over,
})
const view = (over: Partial<View> = {}): View => ({
  now: NOW,
  groups: new Map(),
  going: new Set(),
  upstream: new Map(),
  openOn: new Map(),
  storm: { opened: 0, before: 0, services: new Set(), ticket: null },
  pace: new Map(),
  ...over,
})
const at = (ticket: string, ago = 0, integrationId = 'i'): OpenTicket => ({
  ticket,
  openedAt: NOW - ago,
  integrationId,
})
const where = (placings: Placing[]) =>
  placings.map((placing) => ('ticket' in placing ? `${placing.how} ${placing.ticket}` : placing.how))
const beside = NO_RULES.beside
const place = (claims: Claim[], over: Partial<View> = {}, asked = beside) =>
  where(placeClaims(claims, view(over), asked))
const group = (row: string, ticket: string, open = true, ago = 0) =>
  new Map([[row, { ticket, open, lastAt: NOW - ago }]])

describe('groups', () => {
  const quiet = { mayOpen: false }
  test.each<[string, Claim[], Partial<View>, string[]]>([
    [
      'one opens, the others of its group join',
      [claim('a'), claim('b'), claim('a')],
      {},
      ['opened new:0', 'opened new:1', 'joined new:0'],
    ],
    ['an open ticket is joined', [claim('a')], { groups: group('default i a', 'T') }, ['joined T']],
    ['information opens nothing', [claim('a', quiet)], {}, ['nothing']],
    ['but joins what is open', [claim('a', quiet)], { groups: group('default i a', 'T') }, ['joined T']],
    [
      'also what opened just before',
      [claim('a', quiet), claim('a'), claim('a', quiet)],
      {},
      ['nothing', 'opened new:0', 'joined new:0'],
    ],
    [
      'groups of two integrations are never one by the default rule',
      [claim('a'), claim('a', { integrationId: 'j' })],
      {},
      ['opened new:0', 'opened new:1'],
    ],
    [
      'by a rule of people’s own they are',
      [claim('a', {}, rule()), claim('a', { integrationId: 'j' }, rule())],
      {},
      ['opened new:0', 'joined new:0'],
    ],
  ])('%s', (_name, claims, over, expected) => {
    expect(place(claims, over)).toEqual(expected)
  })

  test('a window rolls: what comes later than it opens anew', () => {
    const own = rule({ window_minutes: 10 })
    const late = group('r a', 'T', true, 10 * MINUTE + 1)
    expect(place([claim('a', {}, own)], { groups: group('r a', 'T', true, 10 * MINUTE) })).toEqual([
      'joined T',
    ])
    expect(place([claim('a', {}, own)], { groups: late })).toEqual(['opened new:0'])
  })

  test('after its end the trouble recurs: a new ticket that names the one before', () => {
    const [placing] = placeClaims([claim('a')], view({ groups: group('default i a', 'T', false) }), beside)
    expect(placing).toMatchObject({ how: 'opened', recurs: 'T', evidence: { recurs: 'T', version: 3 } })
  })

  test('a rule may open nothing, or ask a person first', () => {
    expect(place([claim('a', {}, rule({ opens: 'nothing' }))])).toEqual(['nothing'])
    expect(place([claim('a', {}, rule({ opens: 'change_event' }))])).toEqual(['nothing'])
    expect(place([claim('a', {}, rule({ confirm: true }))])).toEqual(['proposed'])
  })
})

describe('the service map', () => {
  const map = (path: string[]) => new Map([[path[0]!, [{ node: path.at(-1)!, path }]]])

  test('what depends on something that has failed is a symptom of it, with the path', () => {
    const [placing] = placeClaims(
      [claim('a', { node: 'web' })],
      view({ upstream: map(['web', 'app', 'db']), openOn: new Map([['db', [at('T', 5 * MINUTE)]]]) }),
      beside,
    )
    expect(placing).toMatchObject({
      how: 'joined',
      ticket: 'T',
      evidence: { beside: 'service_map', path: ['web', 'app', 'db'] },
    })
  })

  test.each<[string, Partial<View>, typeof beside, string]>([
    [
      'long ago is no cause',
      { upstream: map(['web', 'db']), openOn: new Map([['db', [at('T', 16 * MINUTE)]]]) },
      beside,
      'opened new:0',
    ],
    [
      'what is not upstream is none',
      { upstream: new Map(), openOn: new Map([['db', [at('T')]]]) },
      beside,
      'opened new:0',
    ],
    [
      'nor where nobody asks the map',
      { upstream: map(['web', 'db']), openOn: new Map([['db', [at('T')]]]) },
      { ...beside, service_map: { on: false, window_minutes: 15 } },
      'opened new:0',
    ],
  ])('%s', (_name, over, asked, expected) => {
    expect(place([claim('a', { node: 'web' })], over, asked)).toEqual([expected])
  })

  test('a cause that arrives after its symptoms, in one message, gathers them all the same', () => {
    const claims = [claim('a', { node: 'web' }), claim('b', { node: 'db' }), claim('c', { node: 'web' })]
    expect(place(claims, { upstream: map(['web', 'db']) })).toEqual([
      'joined new:0',
      'opened new:0',
      'joined new:0',
    ])
  })
})

describe('the same item seen by two systems', () => {
  const twin = (ago: number, integration: string) => ({
    openOn: new Map([['web', [at('T', ago, integration)]]]),
  })
  test.each<[string, Partial<Claim>, Partial<View>, string]>([
    ['is one ticket', { node: 'web', onCi: true }, twin(MINUTE, 'j'), 'joined T'],
    ['not by the same system', { node: 'web', onCi: true }, twin(MINUTE, 'i'), 'opened new:0'],
    ['not after the window', { node: 'web', onCi: true }, twin(16 * MINUTE, 'j'), 'opened new:0'],
    ['a service is not an item', { node: 'web', onCi: false }, twin(MINUTE, 'j'), 'opened new:0'],
  ])('%s', (_name, over, seen, expected) => {
    expect(place([claim('a', over)], seen)).toEqual([expected])
  })
})

describe('the storm guard', () => {
  const storm = { ...beside, storm: { on: true, openings: 3, window_minutes: 5 } }
  const many = (count: number) => Array.from({ length: count }, (_, index) => claim(`g${index}`))

  test('beyond its limit one ticket gathers the rest', () => {
    expect(place(many(6), {}, storm)).toEqual([
      'opened new:0',
      'opened new:1',
      'opened new:2',
      'opened new:3',
      'joined new:3',
      'joined new:3',
    ])
  })

  test('what belongs to an open ticket still joins that', () => {
    expect(place([...many(4), claim('g0')], {}, storm).at(-1)).toBe('joined new:0')
  })

  test('a service that the storm has not touched opens its own, a few times', () => {
    const raging = { opened: 3, before: 3, services: new Set(['shop']), ticket: 'S' }
    const on = (service: string, name = service) => claim(name, { serviceId: service })
    expect(place([on('shop')], { storm: raging }, storm)).toEqual(['joined S'])
    const strangers = ['a', 'b', 'c', 'd', 'e', 'f'].map((service) => on(service))
    expect(place(strangers, { storm: { ...raging, services: new Set(['shop']) } }, storm)).toEqual([
      'opened new:0',
      'opened new:1',
      'opened new:2',
      'opened new:3',
      'joined S',
      'joined S',
    ])
  })

  test('it goes on while it gathers, long after what began it; strangers are counted anew', () => {
    const later = { opened: 0, before: 0, services: new Set(['shop']), ticket: 'S' }
    const on = (service: string, name: string) => claim(name, { serviceId: service })
    expect(place([...many(3), on('shop', 's')], { storm: later }, storm)).toEqual(
      Array.from({ length: 4 }, () => 'joined S'),
    )
    const strangers = ['a', 'b', 'c', 'd', 'e'].map((service) => on(service, service))
    expect(place(strangers, { storm: { ...later, services: new Set(['shop']) } }, storm).at(-2)).toBe(
      'opened new:3',
    )
    expect(place(strangers, { storm: { ...later, services: new Set(['shop']) } }, storm).at(-1)).toBe(
      'joined S',
    )
  })
})

describe('what fires again within the hold', () => {
  const windowed = rule({ window_minutes: 5 })
  const again = (over: Partial<Claim> = {}, own: Rule | null = null) =>
    claim('a', { continues: 'T', ...over }, own)

  test.each<[string, Claim, Partial<View>, string]>([
    ['goes on where it stood', again(), { going: new Set(['T']) }, 'joined T'],
    ['not where that has ended', again(), {}, 'opened new:0'],
    [
      'whatever its group has open by now',
      again(),
      { going: new Set(['T']), groups: group('default i a', 'G') },
      'joined T',
    ],
    [
      'and after the window of its rule',
      again({}, windowed),
      {
        going: new Set(['T']),
        groups: new Map([['r a', { ticket: 'T', open: true, lastAt: NOW - 6 * MINUTE }]]),
      },
      'joined T',
    ],
  ])('%s', (_name, one, over, expected) => {
    expect(place([one], over)).toEqual([expected])
  })
})

describe('the limit of a rule', () => {
  const own = rule({ most_per_hour: 2 })
  const one = (name: string) => claim(name, {}, own)
  const pace = (opened: number, last: string | null) => ({ pace: new Map([['r', { opened, last }]]) })

  test.each<[string, Claim[], Partial<View>, string[]]>([
    [
      'beyond it the last ticket gathers the rest',
      [one('a'), one('b'), one('c'), one('d')],
      {},
      ['opened new:0', 'opened new:1', 'joined new:1', 'joined new:1'],
    ],
    ['what it opened before counts', [one('a'), one('b')], pace(1, 'T'), ['opened new:0', 'joined new:0']],
    [
      'a last ticket that has ended gathers nothing',
      [one('a'), one('b')],
      pace(2, null),
      ['opened new:0', 'joined new:0'],
    ],
    [
      'its own group still comes first',
      [one('a')],
      { ...pace(2, 'T'), groups: group('r a', 'G') },
      ['joined G'],
    ],
    ['another rule has its own', [claim('a', {}, rule({ id: 'other' }))], pace(2, 'T'), ['opened new:0']],
  ])('%s', (_name, claims, over, expected) => {
    expect(place(claims, over)).toEqual(expected)
  })

  test('and says so', () => {
    const [placing] = placeClaims([one('a')], view(pace(5, 'T')), beside)
    expect(placing).toMatchObject({
      how: 'joined',
      evidence: { beside: 'limit', most_per_hour: 2, openings: 5, name: 'Rule' },
    })
  })
})
