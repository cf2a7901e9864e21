import { expect, it } from 'vitest'
import { fill } from './fill.ts'

it.each([
  ['{{number}}: {{ title }}', 'INC-1: Disk {{state}}'],
  ['{{team}}|{{nonsense}}|{number}', '|{{nonsense}}|{number}'],
  ['$& {{priority}}', '$& P1'],
])('%s', (text, filled) =>
  expect(fill(text, { number: 'INC-1', title: 'Disk {{state}}', priority: 'P1', team: '' })).toBe(filled),
)
