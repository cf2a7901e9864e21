import { openingOf } from './simulation.ts'
import type { Simulation } from './simulation.ts'
import { nameOf, type Ticket } from './standing.ts'

/** Where correlation put an opening of an alert, as it was recorded. */
export interface Linked {
  integrationId: string
  key: string
  episode: number
  ticketId: string
}

/**
 * Which tickets of the record those of a replay are: what people did to one of them is done to every ticket of the
 * replay that took its alerts in.
 */
export class Past {
  readonly #openings = new Map<string, Set<string>>()
  readonly #tickets = new Map<string, string>()

  add({ integrationId, key, episode, ticketId }: Linked): string {
    const opening = openingOf(nameOf(integrationId, key), episode)
    if (this.#tickets.has(opening)) return opening
    this.#tickets.set(opening, ticketId)
    const known = this.#openings.get(ticketId)
    if (known) known.add(opening)
    else this.#openings.set(ticketId, new Set([opening]))
    return opening
  }

  /** The ticket of the record that an opening stood in; undefined where there is none. */
  ticketOf(opening: string): string | undefined {
    return this.#tickets.get(opening)
  }

  /** The replay's tickets for one of the record. */
  *twins(simulation: Simulation, ticketId: string): Generator<Ticket> {
    const ids = new Set([ticketId])
    for (const opening of this.#openings.get(ticketId) ?? []) {
      const id = simulation.placedIn.get(opening)
      if (id) ids.add(id)
    }
    for (const id of ids) {
      const ticket = simulation.standing.tickets.get(id)
      if (ticket) yield ticket
    }
  }

  /** Forgets tickets that no replay has open any more. */
  forget(simulations: Simulation[]): void {
    for (const [ticketId, openings] of this.#openings) {
      if (simulations.some((one) => [...this.twins(one, ticketId)].length > 0)) continue
      for (const opening of openings) {
        this.#tickets.delete(opening)
        for (const one of simulations) one.placedIn.delete(opening)
      }
      this.#openings.delete(ticketId)
    }
  }
}
