import { expect, it } from 'vitest'
import { newRule, type RuleBody } from '#lib/admin/rules.ts'
import { changesOf } from './changes.ts'

const beside = {
  same_ci: { on: true, window_minutes: 15 },
  service_map: { on: true, window_minutes: 15 },
  storm: { on: false, openings: 20, window_minutes: 5 },
}
const [a, b, c] = [newRule('a'), newRule('b'), newRule('c')]
const body = (rules: RuleBody['rules']): RuleBody => ({ rules, beside })

it('tells what was added, removed and changed, by name', () => {
  const changed = { ...b, when: 'true' }
  expect(changesOf(body([a, b]), body([changed, c]))).toEqual([
    { kind: 'added', name: 'c' },
    { kind: 'removed', name: 'a' },
    { kind: 'changed', name: 'b', field: 'when', from: b.when, to: 'true' },
  ])
})

it('tells a new order only where those that stayed have one', () => {
  expect(changesOf(body([a, b]), body([c, a, b]))).toEqual([{ kind: 'added', name: 'c' }])
  expect(changesOf(body([a, b]), body([b, a]))).toEqual([{ kind: 'reordered', names: ['b', 'a'] }])
})

it('tells what is asked beside the rules, and nothing where nothing differs', () => {
  const storm = { ...beside.storm, on: true }
  expect(changesOf(body([a]), { rules: [a], beside: { ...beside, storm } })).toEqual([
    { kind: 'beside', setting: 'storm', from: beside.storm, to: storm },
  ])
  expect(changesOf(body([a]), body([structuredClone(a)]))).toEqual([])
})
