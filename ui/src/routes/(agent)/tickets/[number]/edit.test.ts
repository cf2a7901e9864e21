import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { TicketPage } from '#lib/ticket/ticket-page.ts'
import { changedFields, clashesOf, type Draft, draftOf, withTheirs } from './edit.ts'

const word = fc.constantFrom('a', 'b', 'c')
const level = fc.constantFrom('high' as const, 'medium' as const, 'low' as const)
const draft = fc.record({
  title: word,
  description: word,
  impact: level,
  urgency: level,
  service: word,
  category: word,
})
const ticketOf = ({ service, category, ...rest }: Draft) =>
  ({ ...rest, service: { id: service }, category: { id: category } }) as TicketPage

test('only what was changed is sent', () => {
  const ticket = ticketOf({
    title: 'a',
    description: 'b',
    impact: 'high',
    urgency: 'low',
    service: 'c',
    category: 'a',
  })
  expect(changedFields(ticket, draftOf(ticket))).toEqual({})
  expect(changedFields(ticket, { ...draftOf(ticket), title: 'x', service: '' })).toEqual({
    title: 'x',
    service_id: null,
  })
})

test('nothing that either side wrote is lost without a question', () => {
  fc.assert(
    fc.property(draft, draft, draft, (was, theirs, mine) => {
      const clashes = clashesOf(ticketOf(was), ticketOf(theirs), mine)
      const merged = withTheirs(ticketOf(was), ticketOf(theirs), mine)
      for (const field of Object.keys(was) as (keyof Draft)[]) {
        const kept = [merged[field]]
        if (mine[field] !== was[field])
          expect(kept.includes(mine[field]) || clashes.includes(field)).toBe(true)
        if (theirs[field] !== was[field])
          expect(kept.includes(theirs[field]) || clashes.includes(field)).toBe(true)
      }
    }),
    { seed: 3, numRuns: 300 },
  )
})
