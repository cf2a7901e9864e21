import fc from 'fast-check'
import { describe, expect, it, test } from 'vitest'
import type { TriggerFacts, TriggerVerb } from '../trigger/index.ts'
import { decideRules, type Happening, MOST_AN_HOUR, MOST_DEEP } from './decide.ts'
import { type AutomationRule, compileAutomation } from './rules.ts'

const rule = (id: string, over: Partial<AutomationRule> = {}): AutomationRule => ({
  id,
  name: id,
  enabled: true,
  on: { kind: 'activity', verbs: ['open'] },
  when: 'true',
  actions: [{ do: 'tag', names: ['x'] }],
  last: false,
  ...over,
})
const facts = { priority: 'P1', team: 'Network', title: 'Disk full' } as unknown as TriggerFacts
const happening = (over: Partial<Happening> = {}): Happening => ({
  kind: 'line',
  verb: 'open',
  after: null,
  facts,
  chain: [],
  ...over,
})
const decide = (rules: AutomationRule[], one: Happening, lately = 0) =>
  decideRules(compileAutomation({ version: 1, rules }), one, () => lately)

describe('a rule', () => {
  it.each<[string, AutomationRule, Partial<Happening>, boolean]>([
    ['that looks at it', rule('a'), {}, true],
    ['that is off', rule('a', { enabled: false }), {}, false],
    ['that looks at something else', rule('a'), { verb: 'close' }, false],
    ['whose condition holds', rule('a', { when: `priority == 'P1'` }), {}, true],
    ['whose condition does not', rule('a', { when: `priority == 'P2'` }), {}, false],
    ['whose condition names what is not there', rule('a', { when: `fields.floor == '1'` }), {}, false],
    [
      'of a mark',
      rule('a', { on: { kind: 'sla', target: 'response', percents: [75] } }),
      { verb: 'sla-mark', after: { target: 'response', percent: 75 } },
      true,
    ],
    [
      'of another mark',
      rule('a', { on: { kind: 'sla', target: 'response', percents: [90] } }),
      { verb: 'sla-mark', after: { target: 'response', percent: 75 } },
      false,
    ],
    [
      'of another promise',
      rule('a', { on: { kind: 'sla', target: 'resolution', percents: [75] } }),
      { verb: 'sla-mark', after: { target: 'response', percent: 75 } },
      false,
    ],
    [
      'of any promise that broke',
      rule('a', { on: { kind: 'sla', target: null, percents: [100] } }),
      { verb: 'breach', after: { target: 'ola:1' } },
      true,
    ],
    [
      'that waited for it',
      rule('a', { on: { kind: 'unchanged', minutes: 5, states: ['new'] } }),
      { kind: 'unchanged', verb: 'unchanged', rule: 'a' },
      true,
    ],
    [
      'that another waited for',
      rule('a', { on: { kind: 'unchanged', minutes: 5, states: ['new'] } }),
      { kind: 'unchanged', verb: 'unchanged', rule: 'b' },
      false,
    ],
  ])('%s', (_, one, over, acts) => expect(decide([one], happening(over))).toHaveLength(acts ? 1 : 0))

  it('says what its condition looked at, but no words of people', () => {
    const when = `priority == 'P1' && team == 'Network' && title.contains('Disk')`
    expect(decide([rule('a', { when })], happening())[0]!.matched).toEqual({
      priority: 'P1',
      team: 'Network',
    })
  })

  it('acts beside the others, in order, up to one that is the last', () => {
    const rules = [rule('a'), rule('b', { when: 'false', last: true }), rule('c', { last: true }), rule('d')]
    expect(decide(rules, happening()).map((one) => [one.rule, one.place])).toEqual([
      ['a', 1],
      ['c', 3],
    ])
  })
})

// Whatever rules there are and whatever happens: those act that a slow reading of their terms finds, in their order.
test('rules act as a slow reading of them says', () => {
  type Given = { enabled: boolean; kind: number; verb: string; when: string; last: boolean }
  const verbs: TriggerVerb[] = ['open', 'edit', 'tag']
  const conditions: Record<string, boolean> = {
    true: true,
    false: false,
    "priority == 'P1'": true,
    "priority == 'P2'": false,
    "team == 'Network' && title.contains('Disk')": true,
    "fields.floor == '1'": false,
    "!(team == 'Network') || priority in ['P1', 'P3']": true,
  }
  const kinds = ['activity', 'sla', 'unchanged', 'schedule', 'before'] as const
  const triggers = ({ kind, verb }: Given): AutomationRule['on'] =>
    [
      { kind: 'activity' as const, verbs: [verb as TriggerVerb] },
      { kind: 'sla' as const, target: 'response' as const, percents: [75 as const, 100 as const] },
      { kind: 'unchanged' as const, minutes: 5, states: ['new'] },
      {
        kind: 'schedule' as const,
        starts_at: '2026-01-01T00:00:00Z',
        zone: 'UTC',
        rrule: 'FREQ=DAILY',
        opens: null,
      },
      { kind: 'before' as const, date: 'resolution' as const, field: null, minutes: 5 },
    ][kind]!
  const given = fc.record({
    enabled: fc.boolean(),
    kind: fc.nat(4),
    verb: fc.constantFrom<string>(...verbs),
    when: fc.constantFrom(...Object.keys(conditions)),
    last: fc.boolean(),
  })
  const happens = fc.oneof(
    fc.constantFrom<string>(...verbs).map((verb) => happening({ verb })),
    fc
      .record({
        verb: fc.constantFrom('sla-mark', 'breach'),
        target: fc.constantFrom('response', 'resolution'),
        percent: fc.constantFrom(50, 75),
      })
      .map(({ verb, ...after }) => happening({ verb, after })),
    fc
      .record({ kind: fc.constantFrom('unchanged', 'schedule', 'before'), of: fc.nat(7) })
      .map(({ kind, of }) => happening({ kind, verb: kind, rule: `r${of}` })),
  )
  const chain = fc.array(fc.constantFrom<string>('r0', 'r1', 'r2', 'x', 'y', 'z'), { maxLength: 6 })
  const looks = (one: Given, id: string, what: Happening): boolean => {
    const mark = what.after as { target: string; percent: number } | null
    switch (kinds[one.kind]) {
      case 'activity':
        return what.kind === 'line' && what.verb === one.verb
      case 'sla':
        if (what.kind !== 'line' || mark?.target !== 'response') return false
        return what.verb === 'breach' || (what.verb === 'sla-mark' && mark.percent === 75)
      default:
        return what.kind === kinds[one.kind] && what.rule === id
    }
  }
  fc.assert(
    fc.property(fc.array(given, { maxLength: 8 }), happens, chain, fc.nat(25), (all, what, led, lately) => {
      const rules = all.map((one, index) => {
        const id = `r${index}`
        const { enabled, when, last } = one
        return rule(id, { enabled, when, last, on: triggers(one) })
      })
      const expected: [string, string | null][] = []
      for (const [index, one] of all.entries()) {
        const id = `r${index}`
        if (!one.enabled || led.at(-1) === id || !looks(one, id, what) || !conditions[one.when]) continue
        const cut = led.includes(id) ? 'loop' : led.length >= 5 ? 'depth' : lately >= 20 ? 'rate' : null
        expected.push([id, cut])
        if (one.last) break
      }
      const found = decide(rules, { ...what, chain: led }, lately)
      expect(found.map((one) => [one.rule, one.cut])).toEqual(expected)
    }),
    { numRuns: 500 },
  )
})

describe('loops', () => {
  const chain = Array.from({ length: MOST_DEEP }, (_, index) => `r${index}`)
  it.each<[string, Partial<Happening>, number, (string | null)[]]>([
    ['what people did', {}, 0, [null]],
    ['its own effect', { chain: ['b', 'a'] }, 0, []],
    ['what comes back to it', { chain: ['a', 'b'] }, 0, ['loop']],
    ['another’s effect', { chain: ['b'] }, 0, [null]],
    ['too many in a row', { chain }, 0, ['depth']],
    ['the last that may follow', { chain: chain.slice(1) }, 0, [null]],
    ['too often in an hour', {}, MOST_AN_HOUR, ['rate']],
    ['the last of the hour', {}, MOST_AN_HOUR - 1, [null]],
  ])('%s', (_, over, lately, cuts) =>
    expect(decide([rule('a')], happening(over), lately).map(({ cut }) => cut)).toEqual(cuts),
  )

  // Each rule answers one verb with another: what happens is every path of rules that comes back to none, and no more.
  it('end, whatever rules there are: what follows is what a slow search finds', () => {
    const verbs: TriggerVerb[] = ['open', 'tag', 'untag', 'note', 'edit']
    const verb = fc.constantFrom(...verbs)
    fc.assert(
      fc.property(fc.array(fc.record({ on: verb, does: verb }), { maxLength: 6 }), (given) => {
        const rules = given.map(({ on }, index) =>
          rule(`r${index}`, { on: { kind: 'activity', verbs: [on] } }),
        )
        const does = new Map(given.map(({ does: effect }, index) => [`r${index}`, effect]))
        const acted: string[] = []
        const waiting: { verb: string; chain: string[] }[] = [{ verb: 'open', chain: [] }]
        for (let next = waiting.shift(); next; next = waiting.shift()) {
          for (const { rule: id, cut } of decide(rules, happening(next))) {
            if (cut) continue
            const path = [...next.chain, id]
            acted.push(path.join('>'))
            waiting.push({ verb: does.get(id)!, chain: path })
          }
        }
        const search = (on: string, path: string[]): string[] =>
          path.length === MOST_DEEP
            ? []
            : given.flatMap((one, index) => {
                const id = `r${index}`
                if (one.on !== on || path.includes(id)) return []
                return [[...path, id].join('>'), ...search(one.does, [...path, id])]
              })
        expect(acted.toSorted()).toEqual(search('open', []).toSorted())
      }),
      { numRuns: 200, seed: 7 },
    )
  })
})
