import { tellProblem } from '#lib/api/attempt.ts'
import { api } from '#lib/api/client.ts'
import { isProblem } from '#lib/api/problem.ts'
import type { Ref, TicketLine } from '#lib/api/types.ts'
import { toasts } from '#lib/frame/toasts.svelte.ts'
import { m } from '#lib/paraglide/messages.js'
import type { Movable } from './types.ts'

export interface To {
  /** Null: the queue of its team. */
  person?: Ref | null
  team?: Ref
}

/** Somebody who should be given nothing just now, and why; or a ticket that is somebody else's by now. */
export type Doubt =
  | { what: 'unavailable'; ticket: Movable; to: To; why: string }
  | { what: 'conflict'; ticket: Movable; to: To }

/** Hands tickets on from the live view: by the verb of the ticket's page, and only out of the hands that were seen. */
export class Reassign {
  /** Being dragged: the page holds still meanwhile. */
  dragged = $state.raw<Movable | undefined>()
  /** For which a receiver is being chosen. */
  choosing = $state.raw<Movable | undefined>()
  doubt = $state.raw<Doubt | undefined>()
  /** On their way. */
  moving = $state.raw<readonly string[]>([])
  #settled: () => unknown
  #whyNot: (person: Ref) => string | undefined

  constructor(settled: () => unknown, whyNot: (person: Ref) => string | undefined) {
    this.#settled = settled
    this.#whyNot = whyNot
  }

  /** Asks first where the receiver is away, off, exempt or full: people may know better. */
  async move(ticket: Movable, to: To, why = to.person ? this.#whyNot(to.person) : undefined): Promise<void> {
    this.choosing = undefined
    if (this.#isThere(ticket, to)) return
    if (why) this.doubt = { what: 'unavailable', ticket, to, why }
    else await this.#hand(ticket, to)
  }

  /** All the same. */
  async insist(): Promise<void> {
    const { doubt } = this
    this.doubt = undefined
    if (doubt) await this.#hand(doubt.ticket, doubt.to)
  }

  #isThere(ticket: Movable, { person, team }: To): boolean {
    if (team) return ticket.team?.id === team.id && ticket.assignee === null
    return (ticket.assignee?.id ?? null) === (person?.id ?? null)
  }

  async #hand(ticket: Movable, to: To): Promise<void> {
    this.moving = [...this.moving, ticket.number]
    try {
      const now = await assign(
        ticket,
        to.team ? { team_id: to.team.id } : { assignee_id: to.person?.id ?? null },
      )
      const { number } = ticket
      const name = to.person?.name ?? to.team?.name
      toasts.show(name ? m.tickets_done_assign({ number, name }) : m.tickets_done_unassign({ number }), {
        tone: 'good',
        undo: () => this.#takeBack(ticket, now),
      })
    } catch (error) {
      const current = isProblem(error, 412) ? (error.problem.current as TicketLine | undefined) : undefined
      if (current) this.doubt = { what: 'conflict', ticket: current, to }
      else tellProblem(error)
    } finally {
      this.moving = this.moving.filter((number) => number !== ticket.number)
      await this.#settled()
    }
  }

  async #takeBack(before: Movable, now: TicketLine): Promise<void> {
    try {
      await assign(now, { team_id: before.team?.id ?? null, assignee_id: before.assignee?.id ?? null })
    } catch (error) {
      tellProblem(error)
    } finally {
      await this.#settled()
    }
  }
}

const assign = (
  { number, revision }: Pick<Movable, 'number' | 'revision'>,
  to: { team_id?: string | null; assignee_id?: string | null },
) => api.post<TicketLine>(`/tickets/${number}/assign`, { ...to, if_revision: revision })
