import { describe, expect, test } from 'vitest'
import { parseFilter } from './grammar.ts'
import { unreadOf } from './unread.ts'

const known = { priority: ['P1', 'P2'], state: ['open', 'new'], assignee: ['me', 'none', 'Marco Rossi'] }
const unread = (typed: string) =>
  unreadOf(parseFilter(typed), known).map(({ name, value }) => `${name}:${value}`)

describe('what of a filter cannot be read', () => {
  test.each([
    'priority:p1,P2 state:Open disk',
    'assignee:me,none assignee:"marco rossi"',
    'assignee:01980000-0000-7000-8000-000000000000',
    'age:>3d,<2h created:2026-11-02..2026-11-08 created:..2026-11-08 created:2026-11-02.. updated:<2026-01-01',
    'field:serial=C02 team:Anywhere tag:x',
    'field.cost:>100,<=2000 field.due:2026-11-02..2026-12-01 field.note:"red lamp" -field.cost:>=2026-11-02',
  ])('nothing of %s', (typed) => expect(unread(typed)).toEqual([]))

  test.each<[string, string[]]>([
    ['priority:P9', ['priority:P9']],
    ['priority:P1,P9 state:gone', ['priority:P9', 'state:gone']],
    ['assignee:nobody-here', ['assignee:nobody-here']],
    ['age:3d age:2026-11-02', ['age:3d', 'age:2026-11-02']],
    ['created:2026-02-31 updated:..', ['created:2026-02-31', 'updated:..']],
    ['field:serial', ['field:serial']],
    ['field.cost:>much', ['field:cost>much']],
  ])('of %s', (typed, expected) => expect(unread(typed)).toEqual(expected))

  test('says what could stand there', () => {
    expect(unreadOf(parseFilter('priority:P9 age:old'), known)).toEqual([
      { name: 'priority', value: 'P9', known: ['P1', 'P2'] },
      { name: 'age', value: 'old', forms: ['>3d', '<2h'] },
    ])
    expect(unreadOf(parseFilter('-priority:P9,P1'), known)).toEqual([
      { name: 'priority', value: 'P9', known: ['P1', 'P2'], not: true },
    ])
  })
})
