import type { Segment, SegmentKind } from '#lib/ticket/ticket-page.ts'

const second = (instant: string) => Math.floor(Date.parse(instant) / 1000)

/** Whole seconds, between the seconds that are shown: so lengths add up to the second. In milliseconds. */
export const lengthOf = ({ from, to }: Pick<Segment, 'from' | 'to'>): number =>
  1000 * (second(to) - second(from))

/** How long each sort of time was, the longest first; together they are the wall time. */
export function sumByKind(segments: readonly Segment[]): { kind: SegmentKind; ms: number }[] {
  const sums = new Map<SegmentKind, number>()
  for (const segment of segments) sums.set(segment.kind, (sums.get(segment.kind) ?? 0) + lengthOf(segment))
  return [...sums].map(([kind, ms]) => ({ kind, ms })).toSorted((a, b) => b.ms - a.ms)
}
