import { m } from '#lib/paraglide/messages.js'
import type { SegmentKind } from './ticket-page.ts'

const words: Record<SegmentKind, () => string> = {
  queue: m.sla_kind_queue,
  'hands-on': m.sla_kind_hands_on,
  requester: m.sla_kind_requester,
  vendor: m.sla_kind_vendor,
  change: m.sla_kind_change,
  other: m.sla_kind_other,
  elsewhere: m.sla_kind_elsewhere,
  'closed-hours': m.sla_kind_closed_hours,
  ended: m.sla_kind_ended,
}

export const segmentWord = (kind: SegmentKind): string => words[kind]()
