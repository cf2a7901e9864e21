import fc from 'fast-check'
import { describe, expect, it, test } from 'vitest'
import { type Approval, decide, type Decision, handOn, stateOf } from './decide.ts'

const asked = (rule: 'any' | 'all', ...said: (Decision | null)[]): Approval => {
  const approvers = said.map((decision, index) => ({ personId: `p${index}`, decision }))
  return { rule, approvers, state: stateOf({ rule, approvers }) }
}
const [yes, no] = ['approved', 'rejected'] as const

test.each([
  ['any', [null, null], 'open'],
  ['any', [yes, null], 'approved'],
  ['any', [no, null], 'open'],
  ['any', [no, no], 'rejected'],
  ['any', [no, yes], 'approved'],
  ['all', [null, null], 'open'],
  ['all', [yes, null], 'open'],
  ['all', [yes, yes], 'approved'],
  ['all', [no, null], 'rejected'],
  ['all', [yes, no], 'rejected'],
] as const)('%s of %j: %s', (rule, said, state) => {
  expect(asked(rule, ...said).state).toBe(state)
})

describe('deciding', () => {
  const by = (personId: string, decision: Decision = yes, comment: string | null = null) => ({
    personId,
    decision,
    comment,
  })
  it('is for those who were asked, once, and a no has its reason', () => {
    expect(() => decide(asked('all', null), by('stranger'))).toThrow(/not asked/)
    expect(() => decide(asked('all', null), by('p0', no))).toThrow(/why/)
    expect(decide(asked('all', null, null), by('p0', no, 'too early'))!.state).toBe('rejected')
    expect(decide(asked('all', yes, null), by('p0'))).toBeNull()
    expect(() => decide(asked('any', yes, null), by('p1', no, 'x'))).toThrow(/approved already/)
  })

  it('in any order ends the same, and never changes once it is decided', () => {
    const votes = fc.array(fc.constantFrom(yes, no), { minLength: 1, maxLength: 6 })
    fc.assert(
      fc.property(fc.constantFrom('any', 'all' as const), votes, (rule, said) => {
        let at = asked(rule as 'any' | 'all', ...said.map(() => null))
        let settled: string | undefined
        for (const [index, decision] of said.entries()) {
          if (at.state === 'open') at = { ...at, ...decide(at, by(`p${index}`, decision, 'because')) }
          else expect(() => decide(at, by(`p${index}`, decision, 'because'))).toThrow(/already/)
          if (settled) expect(at.state).toBe(settled)
          if (at.state !== 'open') settled = at.state
        }
        const oracle = rule === 'any' ? (said.includes(yes) ? yes : no) : said.includes(no) ? no : yes
        expect(at.state).toBe(oracle)
      }),
    )
  })
})

describe('handing an approval on', () => {
  const hands = new Set(['author'])
  it.each([
    ['stranger', 'p9', asked('all', null), /no such approval/],
    ['p0', 'p1', asked('all', null, null), /cannot be handed/],
    ['p0', 'author', asked('all', null), /cannot be handed/],
    ['p0', 'p9', asked('all', yes, null), /approved it already/],
    ['p0', 'p9', asked('all', null, no), /rejected already/],
    ['p0', 'p9', asked('any', null, yes), /approved already/],
  ])('from %s to %s of %j is refused', (from, to, approval, why) => {
    expect(() => handOn(approval, { from, to, hands })).toThrow(why)
  })
  it('is for whoever was asked and has not decided, to somebody who was not', () => {
    expect(() => handOn(asked('all', null, yes), { from: 'p0', to: 'p9', hands })).not.toThrow()
  })
})
