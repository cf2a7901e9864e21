import type { components } from '#lib/api/api-schema.d.ts'
import type { Kind, Priority, Ref, State } from '#lib/api/types.ts'
import type { Label } from '#lib/text/label.ts'

type Schemas = components['schemas']

export interface OpenCell {
  state: State
  priority: Priority
  team: Ref | null
  /** How many of the bounds of age lie behind. */
  age: number
  count: number
}
export interface OpenNow {
  as_of: string
  ages: string[]
  cells: OpenCell[]
}

/** What a ticket has to show to be handed on from anywhere on the page. */
export interface Movable {
  number: string
  title: string
  priority: Priority
  revision: number
  team: Ref | null
  assignee: Ref | null
}

export interface LikeGroup {
  kind: Kind
  priority: Priority | null
  team: Ref | null
  service: { id: string; name: Label } | null
  n: number
  broke: number
  /** With this group and the wider ones. */
  odds?: number | null
}
export interface Foretold extends Movable {
  kind: Kind
  state: State
  target: 'response' | 'resolution'
  due_at: string
  used: number
  odds: number | null
  like: LikeGroup | null
  /** All that went into the odds, the widest first. */
  groups: readonly LikeGroup[]
}
export interface Outlook {
  as_of: string
  due: number
  expected: number
  unknown: number
  items: Foretold[]
}

export interface StalledTicket extends Movable {
  kind: Kind
  state: State
  pending_reason: string | null
  code: 'nobody' | 'overslept' | 'untouched' | 'waiting'
  since: string
  allowed_ms: number | null
  n: number | null
}
export interface Stalled {
  as_of: string
  count: number
  items: StalledTicket[]
}

export type HeldOdds = Schemas['HeldOdds']

export interface InHand {
  number: string
  title: string
  state: State
  priority: Priority
  created_at: string
  due_at: string | null
  revision: number
  team_id: string | null
}
export interface Hand {
  member: {
    person: Ref
    cap: number | null
    unavailable: {
      code: 'exempt' | 'away' | 'off_shift' | 'full'
      until?: string | null
      open?: number
      cap?: number
    } | null
  } | null
  open: number
  by_priority: Partial<Record<Priority, number>>
  oldest_at: string | null
  next: InHand[]
}
export interface Board {
  as_of: string
  cap: number | null
  hands: Hand[]
}

export interface View {
  open: OpenNow
  outlook: Outlook
  stalled: Stalled
  board: Board | null
}
