import type { AlertLine, Kind, Named, Priority, Ref, SlaClock, State, TicketLine } from '#lib/api/types.ts'

// The shapes of one ticket with all that its page shows.

export interface Segment {
  from: string
  to: string | null
  ms: number
  state: State
  category: string
  counts: boolean
  reason: string
}

export interface ClockPage extends SlaClock {
  segments?: Segment[]
  policy?: { name: string; version: number }
  calendar?: { name: string; version: number }
  why?: string
}

export interface Attachment {
  id: string
  name: string
  size: number
  content_type: string
  visibility?: 'public' | 'internal'
}

export interface Message {
  id: string
  kind: 'reply' | 'note'
  author: Ref | null
  from_requester: boolean
  body: string
  channel: string
  created_at: string
  attachments: Attachment[]
}

export interface Delivery {
  kind: string
  address: string
  state: string
  sent_at: string | null
}

export interface PageOut {
  id: string
  recipient: Ref
  state: 'open' | 'acknowledged' | 'ended'
  created_at: string
  acknowledged_at: string | null
  cycle: number
  step: number
  why: Record<string, unknown>
  deliveries: Delivery[]
}

export interface LinkedAlert extends AlertLine {
  evidence?: { how: string; rule: string; rule_version: number; evidence: Record<string, unknown> }
}

export interface TicketLink {
  kind: string
  direction?: 'from' | 'to'
  number: string
  title: string
  state: State
  priority?: Priority
}

export interface TicketPage extends Omit<TicketLine, 'alerts' | 'sla'> {
  description: string
  channel: string
  ci: Ref | null
  category: Named | null
  organisation: Ref | null
  location: string | null
  confidential: boolean
  sla: ClockPage[]
  alerts: LinkedAlert[]
  pages: PageOut[]
  links: TicketLink[]
  attachments?: Attachment[]
  parent: { number: string; title: string; kind: Kind } | null
}
