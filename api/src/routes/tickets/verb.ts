import { DeskError, type Reader, type Tx } from '@tocsin/desk'
import type { z } from '@hono/zod-openapi'
import type { Permission } from '../../route.ts'
import type { FoundTicket } from './find.ts'

/** Something that people do with a ticket: one route, `POST /tickets/{number}/{name}`. */
export interface Verb<T extends z.ZodType> {
  name: string
  summary: string
  permission: Permission
  /** Who may, beside those who work on it: its requester, or whoever sees it. */
  also?: 'requester' | 'reader'
  input: T
  run: (tx: Tx, ticket: FoundTicket, input: z.output<T>, reader: Reader) => Promise<unknown>
}
export const verb = <T extends z.ZodType>(declared: Verb<T>) => declared

export function demandPlace(ticket: FoundTicket, also?: 'requester' | 'reader'): void {
  if (ticket.workable || also === 'reader' || (also === 'requester' && ticket.own)) return
  throw new DeskError('forbidden', 'Only those who work on this ticket may do that.')
}
