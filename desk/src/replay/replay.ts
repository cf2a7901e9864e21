import type { Db } from '@tocsin/db'
import { compileRules, startOfDay, type RulesetBody } from '../correlation/index.ts'
import {
  type Difference,
  Differences,
  Proof,
  type Side,
  Tally,
  type Totals,
  type PersonTotals,
} from './compare.ts'
import { type DecisionHead, type Entry, type Page, type Place, readArrivals, readPage } from './journal.ts'
import { Marks } from './marks.ts'
import { Past } from './past.ts'
import { follow } from './people.ts'
import { type Escalated, type Fate, openingOf, Simulation } from './simulation.ts'
import { shows, snapshotOf } from './snapshot.ts'
import { nameOf } from './standing.ts'
import {
  begin,
  type Change,
  findCheckpoint,
  readPlans,
  readRules,
  readWorld,
  saw,
  SETTLED_MS,
} from './start.ts'
import type { World } from './world.ts'

export interface Asked {
  from: Date
  to: Date
  /** The rules to try; null: only those that were in force. */
  rules: RulesetBody | null
}

export interface Replayed {
  events: number
  was: Totals
  would: Totals | null
  people: PersonTotals[]
  days: { day: string; was: { tickets: number; pages: number }; would: { tickets: number; pages: number } }[]
  /** Whether the rules that were in force led to what the record holds. */
  record: ReturnType<Proof['told']>
  differences: Difference[]
  differences_beyond: number
}

/** Called now and then; answers whether to go on. */
export type Progress = (done: { events: number; at: Date }) => Promise<boolean>

// A due time that the record did not act on is acted on once the record has gone on for so long.
const GRACE_MS = 1_000
/** How far ahead the record is read for when time acted: as long as engines may stand still, at most. */
const LOOK_MS = 300_000
const WEEK_MS = 7 * 86_400_000
const EVENTS_BETWEEN = 20_000

/**
 * Goes through a period once more, by the rules then in force and by those proposed, side by side: the decisions in the
 * order recorded, with what people did. Reads, and writes nothing.
 */
export async function replay(
  db: Db,
  asked: Asked,
  progress: Progress = async () => true,
): Promise<Replayed | null> {
  const run = await prepare(db, asked)
  for await (const page of run.pages()) {
    const batches = page.entries.flatMap((entry) =>
      entry.kind === 'decision' && entry.head.kind === 'batch' && !run.isBefore(entry.head)
        ? [entry.head]
        : [],
    )
    const arrivals = readArrivals(db, batches)
    let done = run.events
    for (const entry of page.entries) {
      if (entry.kind === 'decision' && run.isBefore(entry.head)) continue
      run.reach(entry.at)
      if (entry.kind === 'decision' && entry.head.kind === 'batch') {
        const next = await arrivals.next()
        if (next.done || next.value.id !== entry.id) throw new Error('A decision’s receipts are missing.')
        run.batch(entry.head, next.value.arrivals)
      } else run.take(entry)
      if (run.events - done < EVENTS_BETWEEN) continue
      done = run.events
      if (!(await progress({ events: run.events, at: new Date(entry.at) }))) return null
    }
    if (!(await progress({ events: run.events, at: new Date(page.at) }))) return null
  }
  return run.finish()
}

async function prepare(db: Db, asked: Asked): Promise<Run> {
  const checkpoint = await findCheckpoint(db, asked.from)
  const [{ world, pending }, plans, rules] = await Promise.all([
    readWorld(db, checkpoint),
    readPlans(db, checkpoint.at, asked.to),
    readRules(db),
  ])
  const run = new Run(db, asked, { checkpoint, world, pending, plans, rules })
  await begin(db, checkpoint, { simulations: run.simulations, rules })
  return run
}

interface Prepared {
  checkpoint: Awaited<ReturnType<typeof findCheckpoint>>
  world: World
  pending: Change[]
  plans: Awaited<ReturnType<typeof readPlans>>
  rules: Awaited<ReturnType<typeof readRules>>
}

class Run {
  events = 0
  readonly simulations: Simulation[]
  readonly #db: Db
  readonly #asked: Asked
  readonly #prepared: Prepared
  readonly #past = new Past()
  readonly #marks = new Marks()
  readonly #proof = new Proof()
  readonly #differences = new Differences()
  readonly #tallies: Record<Side, Tally>
  /** Changes of the last minute, in their order: a decision may not have seen what a line before it followed. */
  #recent: { change: Change; applied: boolean }[]
  /** By which policy tickets of the record began to escalate: their lines come before the decision that opened them. */
  readonly #begun = new Map<string, Escalated>()
  #at: number
  #day: number

  constructor(db: Db, asked: Asked, prepared: Prepared) {
    this.#db = db
    this.#asked = asked
    this.#prepared = prepared
    this.#recent = prepared.pending.map((change) => ({ change, applied: false }))
    this.#at = prepared.checkpoint.at.getTime()
    this.#day = startOfDay(this.#at)
    const { world, rules } = prepared
    this.#tallies = { was: new Tally(world), would: new Tally(world) }
    const draft = asked.rules && compileRules({ ...asked.rules, version: 0 })
    const sides: Side[] = draft ? ['was', 'would'] : ['was']
    this.simulations = sides.map((side) => {
      const rulesAt =
        side === 'would' && draft
          ? (version: number) => (this.#at >= asked.from.getTime() ? draft : rules(version))
          : rules
      return new Simulation(world, prepared.plans, rulesAt, {
        fate: (opening, fate, at) => this.#fate(side, opening, fate, at),
        page: (page) => {
          if (!this.#counts(page.at)) return
          this.#tallies[side].page(page)
          if (side !== 'was') return
          const real = this.#past.ticketOf(page.ticket.founder) ?? page.ticket.founder
          this.#proof.page(`${real} ${page.step} ${page.personId} ${page.at}`, -1)
        },
        end: (ticket, at) => this.#tallies[side].end(ticket, at),
        ...(side === 'was' && { policyOf: (opening: string) => this.#escalated(opening) }),
      })
    })
  }

  #escalated(opening: string): Escalated | null | undefined {
    const real = this.#past.ticketOf(opening)
    return real === undefined ? undefined : (this.#begun.get(real) ?? null)
  }

  #counts = (at: number) => at >= this.#asked.from.getTime() && at < this.#asked.to.getTime()

  #fate(side: Side, opening: string, fate: Fate, at: number): void {
    if (!this.#counts(at)) return
    this.#tallies[side].fate(opening, fate, at)
    if (this.simulations.length > 1) this.#differences.fate(side, opening, fate, at)
    if (side === 'was' && (fate.how === 'opened' || fate.how === 'joined')) this.#proof.placed(opening, fate)
  }

  /** Pages of the order, read as far ahead as marks are asked for. */
  async *pages(): AsyncGenerator<Page> {
    const { checkpoint } = this.#prepared
    const ahead: Page[] = []
    let after: Place = { id: earlier(checkpoint.id, 60_000), at: new Date(checkpoint.at.getTime() - 60_000) }
    let last = false
    for (;;) {
      while (!last && (ahead.length === 0 || ahead.at(-1)!.at < ahead[0]!.at + LOOK_MS)) {
        const page = await readPage(this.#db, after, this.#asked.to)
        this.#marks.add(page)
        for (const link of page.links) {
          if (
            this.#past.ticketOf(openingOf(nameOf(link.integrationId, link.key), link.episode)) !== undefined
          )
            continue
          this.#past.add(link)
          if (this.#counts(link.at)) this.#proof.recorded()
        }
        last = page.last
        const head = page.entries.findLast(({ kind }) => kind === 'decision')
        if (head) after = { id: head.id, at: new Date(head.at) }
        ahead.push(page)
      }
      const page = ahead.shift()
      if (!page) return
      yield page
      this.#proof.check(this.#past)
      this.#marks.forget(this.#at - LOOK_MS)
      for (const tally of Object.values(this.#tallies)) tally.settle(this.#at - 2 * 3_600_000)
      this.#rollOver()
    }
  }

  /** Already in the checkpoint. */
  isBefore({ id, xid, at }: DecisionHead): boolean {
    const { checkpoint } = this.#prepared
    if (id > checkpoint.id)
      return shows(checkpoint.seen, xid) && at.getTime() - checkpoint.at.getTime() < 60_000
    return saw(checkpoint.seen, checkpoint.at.getTime(), { at: at.getTime(), xid })
  }

  /**
   * What time does by itself before the next entry, under the rules tried. Whatever it did under those in force stands
   * in the record: an ageing, a step's pages, a recovery.
   */
  reach(at: number): void {
    const [inForce, ...tried] = this.simulations
    inForce!.standing.timers.pass(at)
    for (const simulation of tried) {
      const { standing, paging } = simulation
      const waits = (name: string, due: number) =>
        this.#marks.has(this.#recorded(simulation, name), due, this.#at)
      for (const { name, at: due } of standing.timers.before(at - GRACE_MS, waits)) {
        const [kind = '', ...rest] = name.split(' ')
        const of = rest.join(' ')
        if (kind === 'alert') this.#ageOne(simulation, of, due)
        else {
          const ticket = standing.tickets.get(of)
          if (!ticket) continue
          if (kind === 'recovery') simulation.recover(ticket, due)
          else paging.decide(ticket, due)
        }
      }
    }
    this.#at = Math.max(this.#at, at)
  }

  #ageOne(simulation: Simulation, name: string, due: number): void {
    const [integrationId = '', ...key] = name.split(' ')
    simulation.standing.timers.set(`alert ${name}`, due)
    simulation.age({ at: due, integrationId, xid: 0, placedIn: null, known: [], keys: [key.join(' ')] })
  }

  /** What the record calls the thing that a timer is about. */
  #recorded({ standing }: Simulation, name: string): string {
    const [kind, id = ''] = name.split(' ')
    if (kind === 'alert') return name
    const ticket = standing.tickets.get(id)
    if (!ticket) return name
    const real = this.#past.ticketOf(ticket.founder) ?? ticket.id
    if (kind === 'recovery') return `recovery ${real}`
    return `step ${real} ${ticket.cycle?.cycle} ${ticket.cycle?.step?.position}`
  }

  batch(head: DecisionHead, arrivals: Parameters<Simulation['decide']>[0]['arrivals']): void {
    const taking = this.#taking(head)
    for (const simulation of this.simulations) simulation.decide({ ...taking, arrivals })
    if (this.#counts(taking.at)) this.events += arrivals.length
  }

  take(entry: Entry): void {
    if (entry.kind === 'configuration') {
      if (entry.id > this.#prepared.checkpoint.id) this.#recent.push({ change: entry, applied: false })
    } else if (entry.kind === 'line') this.#follow(entry)
    else {
      const taking = this.#taking(entry.head)
      const keys = entry.head.overdue.map(([key]) => key)
      const called = new Set(entry.head.overdue.flatMap(([key, due]) => (due === null ? [key] : [])))
      const [inForce, ...tried] = this.simulations
      inForce!.age({ ...taking, keys, called })
      for (const simulation of tried) simulation.age({ ...taking, keys })
    }
  }

  #follow({ id, line }: Extract<Entry, { kind: 'line' }>): void {
    const { ticketId, after } = line
    if (line.verb === 'escalate' && ticketId && after?.cycle === 1)
      this.#begun.set(ticketId, { policy: String(after.policy), version: Number(after.version) })
    if (id <= this.#prepared.checkpoint.id) return
    this.#configure(line.at, () => true)
    for (const simulation of this.simulations) follow(simulation, this.#past, line)
    if (line.verb === 'page' && line.actor.kind === 'rule' && this.#counts(line.at))
      this.#proof.page(
        `${line.ticketId} ${Number(line.after?.step)} ${String(line.after?.recipient)} ${line.at}`,
        1,
      )
  }

  #taking({ at, integration_id, xid, seen, placed_in, known }: DecisionHead) {
    const snapshot = snapshotOf(seen)
    this.#configure(at.getTime(), (change) => saw(snapshot, at.getTime(), change))
    return {
      at: at.getTime(),
      integrationId: integration_id,
      xid,
      placedIn: placed_in === null ? null : snapshotOf(placed_in),
      known,
    }
  }

  /** Makes the configuration what it was to whoever saw these changes, and takes back what they had not seen yet. */
  #configure(at: number, saw: (change: Change) => boolean): void {
    if (this.#recent.length === 0) return
    const { world } = this.#prepared
    const seen = this.#recent.map(({ change }) => saw(change))
    const first = this.#recent.findIndex(({ applied }, place) => applied !== seen[place])
    if (first >= 0) {
      for (const { change, applied } of this.#recent.slice(first).toReversed())
        if (applied) world.apply(undoing(change.change))
      for (let place = first; place < this.#recent.length; place++) {
        const one = this.#recent[place]!
        one.applied = seen[place]!
        if (one.applied) world.apply(one.change.change)
      }
    }
    const settled = this.#recent.findIndex(({ change, applied }) => !applied || at - change.at <= SETTLED_MS)
    this.#recent.splice(0, settled < 0 ? this.#recent.length : settled)
  }

  #rollOver(): void {
    const day = startOfDay(this.#at)
    if (day === this.#day) return
    this.#day = day
    for (const { standing } of this.simulations) standing.forget(day, this.#at - WEEK_MS)
    this.#past.forget(this.simulations)
  }

  finish(): Replayed {
    const { to } = this.#asked
    this.reach(to.getTime() + GRACE_MS)
    this.#proof.check(this.#past)
    for (const tally of Object.values(this.#tallies)) tally.settle(Infinity)
    const { was, would } = this.#tallies
    const both = this.simulations.length > 1
    const days = [...new Set([...was.days.keys(), ...would.days.keys()])].toSorted()
    const none = { tickets: 0, pages: 0 }
    return {
      events: this.events,
      was: was.told(),
      would: both ? would.told() : null,
      people: peopleOf(was, would),
      days: days.map((day) => ({
        day,
        was: was.days.get(day) ?? none,
        would: would.days.get(day) ?? none,
      })),
      record: this.#proof.told(),
      differences: both ? this.#differences.told(this.#tallies) : [],
      differences_beyond: this.#differences.beyond,
    }
  }
}

const undoing = ({ source, before, after }: Change['change']) => ({ source, before: after, after: before })

function peopleOf(was: Tally, would: Tally): PersonTotals[] {
  const of = (tally: Tally, id: string) => {
    const sleep = tally.people.get(id)
    return {
      pages: sleep?.pages ?? 0,
      night_pages: sleep?.nightPages ?? 0,
      sleep_minutes: sleep?.minutes ?? 0,
    }
  }
  return [...new Set([...was.people.keys(), ...would.people.keys()])]
    .map((id) => ({ id, was: of(was, id), would: of(would, id) }))
    .toSorted(
      (a, b) => b.was.sleep_minutes + b.would.sleep_minutes - a.was.sleep_minutes - a.would.sleep_minutes,
    )
}

/** A place in the order so many milliseconds before an id, which begins with its instant. */
function earlier(id: string, ms: number): string {
  const hex = id.replaceAll('-', '')
  const at = (parseInt(hex.slice(0, 12), 16) - ms).toString(16).padStart(12, '0')
  return `${at.slice(0, 8)}-${at.slice(8)}-7000-8000-000000000000`
}
