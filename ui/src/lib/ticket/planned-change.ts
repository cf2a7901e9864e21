import type { Named, Priority, Ref, State } from '#lib/api/types.ts'
import { m } from '#lib/paraglide/messages.js'
import type { ChangeOfTicket, ChangeType, Risk } from './ticket-page.ts'

/** What stands in the way of a change at its planned times. */
export interface Clash {
  number: string | null
  title: string
  how: 'service' | 'item' | 'depends' | 'maintenance'
  planned_start: string
  planned_end: string
}

/** A change in the calendar. */
export interface PlannedChange {
  number: string
  title: string
  state: State
  type: ChangeType
  risk: Risk | null
  service: (Named & { key: string }) | null
  assignee: Ref | null
  planned_start: string
  planned_end: string
  approved_at: string | null
  outcome: ChangeOfTicket['outcome']
  clashes: Clash[]
}

/** What is around a change: in its way, kept quiet by it, and what followed it. */
export interface ChangeAround {
  clashes: Clash[]
  windows: { id: string; starts_at: string; ends_at: string; cancelled_at: string | null }[]
  followed: {
    number: string
    title: string
    state: State
    priority: Priority
    created_at: string
    linked: boolean
  }[]
}

const ways = {
  service: m.clash_service,
  item: m.clash_item,
  depends: m.clash_depends,
  maintenance: m.clash_maintenance,
}
export const clashWord = ({ how }: Pick<Clash, 'how'>): string => ways[how]()
