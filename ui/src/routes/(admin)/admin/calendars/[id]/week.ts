import type { Span } from '#lib/admin/policies.ts'

const MIDNIGHT = '00:00'
const END = '24:00'

/** A span as a field for times can show it: the end of a day is 00:00. */
export const typedSpan = (span: Span): Span => ({ ...span, to: span.to === END ? MIDNIGHT : span.to })

/** What was typed as the API takes it: in two where it passes midnight, the second on the day after. */
export function spansOf(typed: readonly Span[]): Span[] {
  return typed.flatMap(({ day, from, to }) => {
    if (to === MIDNIGHT) return [{ day, from, to: END }]
    // Times of the wall are in the order of their letters.
    if (to === '' || from <= to) return [{ day, from, to }]
    return [
      { day, from, to: END },
      { day: (day % 7) + 1, from: MIDNIGHT, to },
    ]
  })
}
