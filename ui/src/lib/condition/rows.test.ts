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
    ['labels.env == "prod"', row('labels.env', 'is', 'prod')],
    ['labels.env in ["prod", "stage"]', row('labels.env', 'is', 'prod', 'stage')],
    ['labels["k8s.io/app"] == "shop"', row('labels.k8s.io/app', 'is', 'shop')],
    ['"k8s.io/app" in labels', row('labels.k8s.io/app', 'filled')],
    ['!("k8s.io/app" in labels)', row('labels.k8s.io/app', 'empty')],
    ['!("a-b" in labels && labels["a-b"] == "x")', row('labels.a-b', 'is_not', 'x')],
    ['ci.kind == "vm"', row('ci.kind', 'is', 'vm')],
    ['!has(annotations.runbook)', row('annotations.runbook', 'empty')],
    ['host.startsWith("web-")', row('host', 'starts', 'web-')],
    ['!host.endsWith(".test")', row('host', 'ends_not', '.test')],
    ['title.matches("^Disk .*")', row('title', 'matches', '^Disk .*')],
    ['hour >= 18', row('hour', 'ge', 18)],
    ['weekday in [6, 7]', row('weekday', 'is', 6, 7)],
    ['host in [""]', row('host', 'is', '')],
    ['!(host in [""])', row('host', 'is_not', '')],
  ])('%s', (expression, one) => {
    expect(expressionOf({ join: 'all', rows: [one] })).toBe(expression)
    expect(rowsOf(expression)).toEqual({ join: 'all', rows: [one] })
  })

  it.each<[string, string]>([
    [`priority=='P1'&&state in ['new' , 'pending']`, 'priority == "P1" && state in ["new", "pending"]'],
    [' true ', 'true'],
    ['', 'true'],
    ['kind == "change" || "vip" in tags', 'kind == "change" || "vip" in tags'],
    ['fields["a"] == "x"', 'fields.a == "x"'],
    ['"env" in labels && host in ["a"]', 'has(labels.env) && host == "a"'],
    ['!(title.contains("x"))', '!title.contains("x")'],
    ['!(has(labels.env))', '!has(labels.env)'],
  ])('%s is read however it is written', (expression, clean) =>
    expect(expressionOf(rowsOf(expression)!)).toBe(clean),
  )

  it.each([
    'priority ==',
    'priority == "P1" && kind == "x" || team == ""',
    '(priority == "P1")',
    'size(tags) > 2',
    'title.matches(host)',
    'title.startsWith("a", "b")',
    'title.lowerAscii() == "a"',
    'labels[host] == "x"',
    'labels.env.team == "x"',
    'labels.env != "x"',
    '!labels.env.startsWith("x")',
    '!("a" in labels && labels.b == "x")',
    '1 in labels',
    'hour + 1 == 4',
    'priority == impact',
    '!(priority == "P1" && kind == "x")',
    '!(has(fields.a) && fields.b == "x")',
    '!has(title)',
    '!(fields.a == "x")',
    'fields.a != "x"',
    'tags.exists(t, t == "x")',
    'priority == "P1" ? true : false',
    'false',
    'priority in ["P1"',
    '"a" in ["a", "b"]',
    'a == "\\q"',
    'priority == "P1" kind',
  ])('%s cannot be said in rows', (expression) => expect(rowsOf(expression)).toBeNull())

  it('are the same again, whatever stands in them', () => {
    const named = fc
      .tuple(fc.constantFrom('labels', 'annotations', 'ci', 'fields'), fc.string({ unit: 'grapheme' }))
      .map(([map, key]) => `${map}.${key}`)
    const field = fc.oneof(
      fc.constantFrom(
        'priority',
        'title',
        'tags',
        'fields.size',
        'fields.a_b',
        'labels.in',
        'labels.k8s.io/app',
      ),
      named,
    )
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
        return { field: name, op, values: several ? many : values }
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
