import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { expressionOf, OPERATORS, type Row, rowsOf } from './rows.ts'

const row = (field: string, op: Row['op'], ...values: Row['values']): Row => ({ field, op, values })

describe('rows and the expression that they are', () => {
  it.each<[string, Row]>([
    ['priority == "P1"', row('priority', 'is', 'P1')],
    ['priority in ["P1", "P2"]', row('priority', 'is', 'P1', 'P2')],
    ['priority in []', row('priority', 'is')],
    ['priority != "P1"', row('priority', 'is_not', 'P1')],
    ['!(priority in ["P1", "P2"])', row('priority', 'is_not', 'P1', 'P2')],
    ['"vip" in tags', row('tags', 'has', 'vip')],
    ['!("vip" in tags)', row('tags', 'has_not', 'vip')],
    ['title.contains("a \\"b\\"")', row('title', 'contains', 'a "b"')],
    ['!title.contains("x")', row('title', 'contains_not', 'x')],
    ['team == ""', row('team', 'empty')],
    ['team != ""', row('team', 'filled')],
    ['confidential == true', row('confidential', 'is', true)],
    ['fields.size >= 4.5', row('fields.size', 'ge', 4.5)],
    ['fields.ends < "2026-12-01"', row('fields.ends', 'lt', '2026-12-01')],
    ['has(fields.size)', row('fields.size', 'filled')],
    ['!has(fields.size)', row('fields.size', 'empty')],
    ['!(has(fields.model) && fields.model == "mac")', row('fields.model', 'is_not', 'mac')],
    ['!(has(fields.parts) && "a" in fields.parts)', row('fields.parts', 'has_not', 'a')],
    ['!(has(fields.why) && fields.why.contains("x"))', row('fields.why', 'contains_not', 'x')],
  ])('%s', (expression, one) => {
    expect(expressionOf({ join: 'all', rows: [one] })).toBe(expression)
    expect(rowsOf(expression)).toEqual({ join: 'all', rows: [one] })
  })

  it.each<[string, string]>([
    [`priority=='P1'&&state in ['new' , 'pending']`, 'priority == "P1" && state in ["new", "pending"]'],
    [' true ', 'true'],
    ['', 'true'],
    ['kind == "change" || "vip" in tags', 'kind == "change" || "vip" in tags'],
  ])('%s is read however it is written', (expression, clean) =>
    expect(expressionOf(rowsOf(expression)!)).toBe(clean),
  )

  it.each([
    'priority ==',
    'priority == "P1" && kind == "x" || team == ""',
    '(priority == "P1")',
    'size(tags) > 2',
    'title.matches("^a")',
    'title.startsWith("a")',
    'priority == impact',
    '!(priority == "P1" && kind == "x")',
    '!(has(fields.a) && fields.b == "x")',
    '!has(title)',
    '!(fields.a == "x")',
    'fields.a != "x"',
    'fields["a"] == "x"',
    'tags.exists(t, t == "x")',
    'priority == "P1" ? true : false',
    'false',
    'priority in ["P1"',
    '"a" in ["a", "b"]',
    'a == "\\q"',
    'priority == "P1" kind',
  ])('%s cannot be said in rows', (expression) => expect(rowsOf(expression)).toBeNull())

  it('are the same again, whatever stands in them', () => {
    const field = fc.constantFrom('priority', 'title', 'tags', 'fields.size', 'fields.a_b')
    const value = fc.oneof(
      fc.string(),
      fc.string({ unit: 'binary' }),
      fc.boolean(),
      fc.integer({ min: -99, max: 99 }),
    )
    const one = fc
      .tuple(field, fc.constantFrom(...OPERATORS), fc.array(value, { maxLength: 3 }), value)
      .map(([name, op, many, single]): Row => {
        const none = op === 'filled' || op === 'empty'
        const several = op === 'is' || op === 'is_not'
        const values = none ? [] : several ? many : [single]
        // Nothing is written for what is empty already.
        const bare = !name.startsWith('fields.') && values.length === 1 && values[0] === ''
        return { field: name, op, values: several && bare ? ['x'] : values }
      })
    fc.assert(
      fc.property(fc.constantFrom('all', 'any'), fc.array(one, { maxLength: 4 }), (join, rows) => {
        const said = { join: rows.length > 1 ? join : ('all' as const), rows }
        expect(rowsOf(expressionOf(said))).toEqual(said)
      }),
      { numRuns: 500, seed: 7 },
    )
  })
})
