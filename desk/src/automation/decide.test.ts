import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
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
