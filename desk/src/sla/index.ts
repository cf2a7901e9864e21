import type { Priority } from '@tocsin/db'
import type { Tx } from '../activity/index.ts'

export interface ClockTicket {
  id: string
  kind: string
  priority: Priority
  serviceId: string | null
  createdAt: Date
}

export interface Facets {
  state: string
  pendingReason: string | null
  priority: Priority
}

export interface Followed {
  ticketId: string
  kind: string
  serviceId: string | null
  before: Facets
  after: Facets
  firstResponse?: Date
  resolved?: Date
  reopened?: boolean
}

/** No policy is in force yet: no clock starts. */
export async function startClocks(_tx: Tx, _tickets: ClockTicket[]): Promise<void> {}

/** Answers the soonest due instant of the ticket's running clocks. */
export async function followTicket(_tx: Tx, _change: Followed): Promise<Date | null> {
  return null
}
