import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { FACT_TYPES, type Facts } from '../event/index.ts'
import { expressions, needsOf } from '../expression/index.ts'
import { indexRules } from './rule-index.ts'

const facts = (given: { severity: string; title: string; labels: Record<string, string> }): Facts => ({
  ...given,
  severity_raw: '',
  resource: '',
  host: '',
  service: '',
  dedup_key: 'k',
  group: '',
  system: 'events',
  integration: 'i',
  annotations: {},
  ci: {},
  hour: 3n,
  weekday: 1n,
})

describe('what a condition asks for', () => {
  it.each([
    [
      'labels.team == "a" && severity in ["error", "critical"]',
      ['labels.team: a', 'severity: error critical'],
    ],
    [
      '"a" == labels["my team"] && (title == "x" && !title.startsWith("T"))',
      ['labels.my team: a', 'title: x'],
    ],
    ['labels.team == "a" || severity == "error"', []],
    ['!(labels.team == "a")', []],
    ['labels.team != "a" && hour == 3 && labels.a == labels.b && severity in labels', []],
    ['title.contains("x") ? severity == "error" : true', []],
  ])('%s', (source, needs) => {
    expect(needsOf(source).map(({ path, values }) => `${path}: ${values.join(' ')}`)).toEqual(needs)
  })
})

describe('rules found by what they ask for', () => {
  it('are the ones that the whole list in its order would find', () => {
    const word = fc.constantFrom('a', 'b', 'c', '')
    const clause = fc.oneof(
      fc.tuple(fc.constantFrom('x', 'y'), word).map(([name, value]) => `labels.${name} == "${value}"`),
      word.map((value) => `"${value}" == labels["x"]`),
      fc.array(word, { maxLength: 3 }).map((values) => `title in ${JSON.stringify(values)}`),
      word.map((value) => `severity != "${value}"`),
      fc.constantFrom('true', 'has(labels.y)', '!has(labels.x)', 'hour == 3', 'labels.x == labels.y'),
    )
    const condition = fc
      .array(fc.tuple(clause, fc.constantFrom('&&', '||')), { minLength: 1, maxLength: 4 })
      .map((parts) =>
        parts.map(([text, join], place) => (place === 0 ? text : `${join} (${text})`)).join(' '),
      )
    const event = fc.record({
      severity: word,
      title: word,
      labels: fc.dictionary(fc.constantFrom('x', 'y'), word),
    })
    const compile = expressions(FACT_TYPES)
    const holds = (source: string, shown: Facts) => {
      try {
        return compile(source, 'bool')(shown) === true
      } catch {
        return false
      }
    }
    fc.assert(
      fc.property(
        fc.array(condition, { maxLength: 8 }),
        fc.array(event, { maxLength: 5 }),
        (rules, events) => {
          const candidates = indexRules(rules, (rule) => rule)
          for (const shown of events.map(facts))
            expect(candidates(shown).filter((rule) => holds(rule, shown))).toEqual(
              rules.filter((rule) => holds(rule, shown)),
            )
        },
      ),
    )
  })
})
