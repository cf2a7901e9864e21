import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { findParts, type Near } from './parts.ts'
import type { Edges } from './upstream.ts'

const MINUTE = 60_000
const beside = { service_map: { on: true, window_minutes: 15 }, same_ci: { on: true, window_minutes: 15 } }
const ticket = (id: string, node: string, minute = 0, over: Partial<Near> = {}): Near => ({
  id,
  kind: 'incident',
  node,
  integration: 'i',
  openedAt: minute * MINUTE,
  onCi: true,
  ...over,
})
const told = (due: string[], near: Near[], edges: Edges = {}, set = beside) =>
  findParts(new Set(due), near, edges, set).map(
    ({ from, into, evidence }) => `${from}→${into} ${evidence.beside}`,
  )

describe('what belongs to a ticket that has just opened', () => {
  const edges = { web: ['app'], app: ['db'], db: ['disk'] }

  it.each<[string, string[], Near[], string[]]>([
    [
      'symptoms that came before it',
      ['d'],
      [ticket('w', 'web', 0), ticket('a', 'app', 1), ticket('d', 'db', 2)],
      ['w→d service_map', 'a→d service_map'],
    ],
    ['not those from before the window', ['d'], [ticket('w', 'web', 0), ticket('d', 'db', 16)], []],
    [
      'not a ticket of another kind',
      ['d'],
      [ticket('w', 'web', 0, { kind: 'request' }), ticket('d', 'db', 2)],
      [],
    ],
    ['nor what it depends on itself', ['w'], [ticket('w', 'web', 2), ticket('d', 'db', 0)], []],
    [
      'the nearest cause is meant, and where that is a symptom too, its cause',
      ['a', 'd'],
      [ticket('w', 'web', 0), ticket('a', 'app', 1), ticket('d', 'db', 2)],
      ['w→d service_map', 'a→d service_map'],
    ],
    [
      'the same item seen by another system before',
      ['two'],
      [ticket('one', 'db', 0), ticket('two', 'db', 1, { integration: 'j' })],
      ['two→one same_ci'],
    ],
    ['not by the same system', ['two'], [ticket('one', 'db', 0), ticket('two', 'db', 1)], []],
    [
      'of a service alone nobody says so',
      ['two'],
      [ticket('one', 'db', 0, { onCi: false }), ticket('two', 'db', 1, { integration: 'j', onCi: false })],
      [],
    ],
  ])('%s', (_name, due, near, expected) => {
    expect(told(due, near, edges)).toEqual(expected)
  })

  it('keeps the path, from the symptom to its cause', () => {
    const [part] = findParts(new Set(['d']), [ticket('w', 'web'), ticket('d', 'db', 1)], edges, beside)
    expect(part).toMatchObject({ ticket: 'd', evidence: { path: ['web', 'app', 'db'] } })
    const both = [ticket('w', 'web'), ticket('a', 'app', 1), ticket('d', 'db', 2)]
    const [through] = findParts(new Set(['a', 'd']), both, edges, beside)
    expect(through).toMatchObject({ ticket: 'a', into: 'd', evidence: { path: ['web', 'app', 'db'] } })
  })

  it('asks what is switched on alone', () => {
    const off = { service_map: { on: false, window_minutes: 15 }, same_ci: { on: false, window_minutes: 15 } }
    const near = [ticket('w', 'web'), ticket('d', 'db', 1), ticket('e', 'db', 2, { integration: 'j' })]
    expect(told(['d', 'e'], near, edges, off)).toEqual([])
  })

  it('through circles and any map: each goes into one other, and never round', () => {
    const node = fc.constantFrom('a', 'b', 'c', 'd', 'e')
    fc.assert(
      fc.property(
        fc.dictionary(node, fc.uniqueArray(node, { maxLength: 3 })),
        fc.array(
          fc.record({ node, minute: fc.nat(20), integration: fc.constantFrom('i', 'j'), due: fc.boolean() }),
          { maxLength: 8 },
        ),
        (map, given) => {
          const near = given.map((one, index) =>
            ticket(`t${index}`, one.node, one.minute, { integration: one.integration }),
          )
          const due = new Set(near.flatMap(({ id }, index) => (given[index]!.due ? [id] : [])))
          const parts = findParts(due, near, map, beside)
          const from = parts.map((part) => part.from)
          expect(new Set(from).size).toBe(from.length)
          for (const part of parts) {
            expect(from).not.toContain(part.into)
            expect(due.has(part.ticket)).toBe(true)
          }
        },
      ),
    )
  })
})
