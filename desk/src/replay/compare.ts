import type { Paged } from './paging.ts'
import type { Past } from './past.ts'
import { type Fate, openingOf } from './simulation.ts'
import { minutesOf, Sleep } from './sleep.ts'
import type { Ticket } from './standing.ts'
import type { World } from './world.ts'

export interface Totals {
  incidents: number
  requests: number
  joins: number
  proposed: number
  /** Openings of alerts that came to no ticket. */
  held: number
  nothing: number
  pages: number
  night_pages: number
  sleep_minutes: number
}

export interface PersonTotals {
  id: string
  was: { pages: number; night_pages: number; sleep_minutes: number }
  would: { pages: number; night_pages: number; sleep_minutes: number }
}

export type Side = 'was' | 'would'
/** What the ticket that an opening of an alert opened asked of people. */
export interface PagedFor {
  pages: number
  sleep_minutes: number
}

export interface Difference {
  opening: string
  at: number
  was: Fate | null
  would: Fate | null
  paged: Record<Side, PagedFor>
}

// Beyond so many, differences are counted and no longer told one by one.
const MOST = 100_000

const isPlaced = ({ how }: Fate) => how === 'opened' || how === 'joined'
const same = (a: Fate, b: Fate) => a.how === b.how && a.founder === b.founder && a.kind === b.kind

interface Open {
  at: number
  sleep: Sleep
  endsAt: number | null
  of: Woken | null
}

/** The ticket's first opening, with what people were asked because of it. */
interface Woken {
  ticket: string
  at: number
  pages: number
  lost: number
}

/** Whose ticket it is: of one that stood before the period, the alert that it stands on. */
function openingOfTicket({ founder, id, linked }: Ticket): string | null {
  if (founder !== id) return founder
  const [first] = linked
  return first ? openingOf(first.name, first.episode) : null
}

/** One side of the comparison: what a rule set led to within the period. */
export class Tally {
  readonly totals = { incidents: 0, requests: 0, joins: 0, pages: 0 }
  /** By date, in the zone of all figures. */
  readonly days = new Map<string, { tickets: number; pages: number }>()
  readonly woken = new Map<string, Woken>()
  readonly people = new Map<string, Sleep>()
  // What an opening stands for would: it may wait first and find its ticket later.
  readonly waiting = new Map<string, 'held' | 'nothing' | 'proposed'>()
  readonly #open = new Map<string, Open[]>()
  readonly #waking: Open[] = []
  readonly #world: World

  constructor(world: World) {
    this.#world = world
  }

  fate(opening: string, fate: Fate, at: number): void {
    if (!isPlaced(fate)) {
      this.waiting.set(opening, fate.how as 'held' | 'nothing' | 'proposed')
      return
    }
    this.waiting.delete(opening)
    if (fate.how === 'joined') this.totals.joins += 1
    else if (fate.kind === 'request') this.totals.requests += 1
    else this.totals.incidents += 1
    if (fate.how === 'opened') this.#day(at).tickets += 1
  }

  page({ ticket, personId, at }: Paged): void {
    this.totals.pages += 1
    this.#day(at).pages += 1
    let sleep = this.people.get(personId)
    if (!sleep) this.people.set(personId, (sleep = new Sleep(() => this.#world.zoneOf(personId))))
    const open = { at, sleep, endsAt: null, of: this.#wokenBy(ticket, at) }
    const known = this.#open.get(ticket.id)
    if (known) known.push(open)
    else this.#open.set(ticket.id, [open])
    this.#waking.push(open)
  }

  end(ticket: Ticket, at: number): void {
    for (const open of this.#open.get(ticket.id) ?? []) open.endsAt = at
    this.#open.delete(ticket.id)
  }

  /** Counts the sleep of pages that began before this instant, and are over or old. */
  settle(before: number): void {
    while (this.#waking.length > 0 && this.#waking[0]!.at < before) {
      const { sleep, at, endsAt, of } = this.#waking.shift()!
      const lost = sleep.wake(at, endsAt)
      if (of) of.lost += lost
    }
  }

  told(): Totals {
    const count = (how: string) => [...this.waiting.values()].filter((one) => one === how).length
    const people = [...this.people.values()]
    return {
      ...this.totals,
      proposed: count('proposed'),
      held: count('held'),
      nothing: count('nothing'),
      night_pages: people.reduce((sum, { nightPages }) => sum + nightPages, 0),
      sleep_minutes: people.reduce((sum, { minutes }) => sum + minutes, 0),
    }
  }

  #wokenBy(ticket: Ticket, at: number): Woken | null {
    const opening = openingOfTicket(ticket)
    if (opening === null) return null
    const known = this.woken.get(opening)
    const woken = known ?? { ticket: ticket.founder, at, pages: 0, lost: 0 }
    woken.pages += 1
    if (!known) this.woken.set(opening, woken)
    return woken
  }

  #day(at: number): { tickets: number; pages: number } {
    const day = this.#world.dateOf(at)
    const known = this.days.get(day)
    if (known) return known
    const made = { tickets: 0, pages: 0 }
    this.days.set(day, made)
    return made
  }
}

type Fates = Omit<Difference, 'paged'>

/** Which openings of alerts came to something else, or had others woken. */
export class Differences {
  readonly #pending = new Map<string, Fates>()
  /** Tickets opened alike on both sides: they may still page otherwise. */
  readonly #alike = new Map<string, Fates>()
  beyond = 0

  fate(side: Side, opening: string, fate: Fate, at: number): void {
    const known = this.#pending.get(opening)
    if (!known && this.#pending.size >= MOST) {
      this.beyond += 1
      return
    }
    const difference = known ?? { opening, at, was: null, would: null }
    // What grouped it first is what people would have seen; a later release replaces only a wait.
    const before = difference[side]
    if (before && isPlaced(before)) return
    difference[side] = fate
    if (difference.was && difference.would && same(difference.was, difference.would)) {
      this.#pending.delete(opening)
      if (fate.how === 'opened') this.#alike.set(opening, difference)
    } else this.#pending.set(opening, difference)
  }

  /** In the order of their times. */
  told({ was, would }: Record<Side, Tally>): Difference[] {
    const otherwise = new Map(this.#pending)
    for (const opening of new Set([...was.woken.keys(), ...would.woken.keys()])) {
      const [before, after] = [was.woken.get(opening), would.woken.get(opening)]
      if (otherwise.has(opening) || before?.pages === after?.pages) continue
      otherwise.set(opening, this.#alike.get(opening) ?? stoodBefore(opening, (before ?? after)!))
    }
    return [...otherwise.values()]
      .map((one) => ({
        ...one,
        paged: { was: pagedFor(was, one.opening), would: pagedFor(would, one.opening) },
      }))
      .toSorted((a, b) => a.at - b.at)
  }
}

const pagedFor = ({ woken }: Tally, opening: string): PagedFor => {
  const { pages, lost } = woken.get(opening) ?? { pages: 0, lost: 0 }
  return { pages, sleep_minutes: minutesOf(lost) }
}

function stoodBefore(opening: string, { ticket, at }: Woken): Fates {
  const stood: Fate = { how: 'opened', founder: ticket, kind: 'incident', why: {} }
  return { opening, at, was: stood, would: stood }
}

/** Whether the rules then in force led to what the record holds: the same openings in the same tickets, the same pages. */
export class Proof {
  #matched = 0
  #openings = 0
  readonly #placed: { opening: string; founder: string }[] = []
  readonly #pages = new Map<string, number>()
  #recordedPages = 0
  readonly wrong: string[] = []

  recorded(): void {
    this.#openings += 1
  }

  placed(opening: string, { founder }: Fate): void {
    this.#placed.push({ opening, founder: founder! })
  }

  page(of: string, sign: 1 | -1): void {
    if (sign > 0) this.#recordedPages += 1
    const count = (this.#pages.get(of) ?? 0) + sign
    if (count === 0) this.#pages.delete(of)
    else this.#pages.set(of, count)
  }

  /** Compares what was placed since the last time. */
  check(past: Past): void {
    for (const { opening, founder } of this.#placed.splice(0)) {
      const real = past.ticketOf(opening)
      if (real !== undefined && real === (past.ticketOf(founder) ?? founder)) this.#matched += 1
      else if (this.wrong.length < 20) this.wrong.push(opening)
    }
  }

  told() {
    const pages = [...this.#pages.values()].reduce((sum, count) => sum + Math.abs(count), 0)
    return {
      openings: this.#openings,
      openings_matched: this.#matched,
      pages: this.#recordedPages,
      pages_wrong: pages,
      exact: this.#matched === this.#openings && this.wrong.length === 0 && pages === 0,
    }
  }
}
