import { expect, it } from 'vitest'
import { fill, FILLED, unknownIn } from './fill.ts'

it.each([
  ['{{number}}: {{ title }}', 'INC-1: Disk {{state}}'],
  ['{{team}}|{{nonsense}}|{number}', '|{{nonsense}}|{number}'],
  ['$& {{priority}}', '$& P1'],
])('%s', (text, filled) =>
  expect(fill(text, { number: 'INC-1', title: 'Disk {{state}}', priority: 'P1', team: '' })).toBe(filled),
)

it('in Markdown, what somebody called their ticket is words', () => {
  const title = '[free](http://evil.test) <img src=x> **now**'
  expect(fill('About {{title}}', { title })).toBe(`About ${title}`)
  expect(fill('About {{title}}', { title }, 'markdown')).toBe(
    String.raw`About \[free\](http://evil.test) \<img src=x\> \*\*now\*\*`,
  )
})

it('says what it does not know', () => {
  expect(unknownIn('{{number}} {{ ticket.title }} {{x}} {{x}} {y}', FILLED)).toEqual(['ticket.title', 'x'])
})
