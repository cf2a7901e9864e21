import type { Segment, SegmentKind } from '#lib/ticket/ticket-page.ts'

/** How long each sort of time was, the longest first; together they are the wall time. */
export function sumByKind(segments: readonly Segment[]): { kind: SegmentKind; ms: number }[] {
  const sums = new Map<SegmentKind, number>()
  for (const { kind, from, to } of segments)
    sums.set(kind, (sums.get(kind) ?? 0) + Date.parse(to) - Date.parse(from))
  return [...sums].map(([kind, ms]) => ({ kind, ms })).toSorted((a, b) => b.ms - a.ms)
}
