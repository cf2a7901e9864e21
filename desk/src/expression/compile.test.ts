import { describe, expect, test } from 'vitest'
import { expressions, WrongExpression } from './compile.ts'

const compile = expressions({ title: 'string', labels: 'map<string, string>', body: 'dyn' })
const facts = { title: 'Disk full on web-9', labels: { env: 'prod' }, body: { list: [{ a: 1 }, { a: 2 }] } }

describe('an expression over an event', () => {
  test.each([
    ['labels.env == "prod"', true],
    ['labels.env in ["dev", "test"]', false],
    ['has(labels.team) && labels.team == "x"', false],
    ['title.matches("^Disk .*web-[0-9]+$")', true],
    ['!title.matches("cpu")', true],
    ['title.startsWith("Disk") ? labels["env"] == "prod" : false', true],
    ['body.list.exists(x, x.a == 2)', true],
    ['body.list.map(x, string(int(x.a))).join(",") == "1,2"', true],
    ['size(title) > 3 && (title.contains("a") || title.contains("full"))', true],
    ['-(1 + 2) * 3 == -9', true],
  ])('%s → %s', (source, value) => {
    expect(compile(source)(facts)).toBe(value)
  })

  test('what is not there is an error, unless the other side decides', () => {
    expect(() => compile('labels.team == "x"')(facts)).toThrow(/team/)
    expect(compile('labels.team == "x" || true')(facts)).toBe(true)
  })

  test.each([
    ['', /empty/],
    ['labels.env ==', /./],
    ['process.exit()', /process/],
    ['title.matches("(a")', /./],
    ['title', /must give bool/],
    ['cel.bind(a, title + title, a + a) == ""', /bind|cel/],
    ['body.a.map(x, body.a.map(y, body.a.map(z, 1))).size() > 1', /2 deep/],
    [`title == "${'x'.repeat(2_001)}"`, /longer/],
    [Array.from({ length: 300 }, () => 'true').join(' && '), /./],
  ])('is refused in words: %s', (source, words) => {
    expect(() => compile(source, 'bool')).toThrow(WrongExpression)
    expect(() => compile(source, 'bool')).toThrow(words)
  })

  test('reaches nothing but the facts', () => {
    expect(() => compile('labels.constructor == "x"')(facts)).toThrow(/constructor/)
    expect(() => compile('body.__proto__ == "x"')(facts)).toThrow(/__proto__/)
  })

  test.each([
    'body.list.exists(x, body.list.exists(y, x.a + y.a < 0.0))',
    'body.list.filter(x, body.list.all(y, y.a >= 0.0)).size() == 1',
    'body.list.map(x, x.a > 0.0, body.list.map(y, y.a)).size() == 1',
    'body.list.all(x, !title.matches("a{9}b"))',
  ])('loops over a great deal end with an error, soon: %s', (source) => {
    const list = Array.from({ length: 20_000 }, (_, a) => ({ a: a + 0.5 }))
    const run = compile(source)
    const started = performance.now()
    expect(() => run({ ...facts, title: 'a'.repeat(50_000), body: { list } })).toThrow(/too long/)
    expect(performance.now() - started).toBeLessThan(5_000)
    expect(run({ ...facts, body: { list: [{ a: 1 }] } })).toBeTypeOf('boolean')
  })

  test('a pattern that would take for ever elsewhere is answered at once', () => {
    const evil = compile('title.matches("^(a|a)*(a+)+$")')
    // On a backtracking engine this would outlive the test's own limit.
    expect(evil({ ...facts, title: `${'a'.repeat(2_000)}!` })).toBe(false)
  })

  test('a large pattern over a long text is given up, and holds for a short one', () => {
    const large = compile('title.matches("(.*[ab]){300}[cd]$")')
    expect(() => large({ ...facts, title: 'ab'.repeat(32_000) })).toThrow(/too long/)
    expect(large({ ...facts, title: `${'ab'.repeat(150)}c` })).toBe(true)
  })
})
