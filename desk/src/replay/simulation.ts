import type { Alert, Arrival } from '../alert/index.ts'
import {
  ask,
  askAgain,
  changeOf,
  type ClaimOfAlert,
  type Context,
  groupRow,
  isGathered,
  type Match,
  type Opening,
  type Placed,
  placeClaims,
  type Rules,
  settle,
  type Settled,
  settleAged,
  STORM,
  ticketOf,
  ticketsOf,
} from '../correlation/index.ts'
import { type Paged, Paging, type Plans } from './paging.ts'
import type { Snapshot } from './snapshot.ts'
import { nameOf, Standing, type Ticket } from './standing.ts'
import type { World } from './world.ts'

/** A decision as it was recorded: when, for which integration, and what it saw. */
export interface Taking {
  at: number
  integrationId: string
  xid: number
  placedIn: Snapshot | null
  /** Alerts as they were found, that the replay may not know. */
  known: Alert[]
}

export interface Batch extends Taking {
  arrivals: Arrival[]
}

export interface Ageing extends Taking {
  keys: string[]
  /** Those whose time had come though they waited for nothing: something else called them. */
  called?: ReadonlySet<string>
}

/** What became of an opening of an alert: where it was placed, or why not. */
export interface Fate {
  how: Placed['how'] | 'held' | 'joined'
  /** Who opened the ticket: an opening, or a ticket that stood before. */
  founder: string | null
  kind: string | null
  /** Why: the rule with its evidence, or what held it back. */
  why: Record<string, unknown>
}

export interface Listener {
  /** An alert began to fire, or found its place; `opening` is `episode integration key`. */
  fate: (opening: string, fate: Fate, at: number) => void
  page: (page: Paged) => void
  end: (ticket: Ticket, at: number) => void
  /** By which policy the ticket that this opening opened escalated in the record, null: by none; undefined: not known. */
  policyOf?: (opening: string) => Escalated | null | undefined
}

export interface Escalated {
  policy: string
  version: number
}

export const openingOf = (name: string, episode: number): string => `${episode} ${name}`

/** One rule set at work: the code that runs live, over what is kept in memory. */
export class Simulation {
  readonly standing = new Standing()
  readonly paging: Paging
  /** Where correlation first put an opening. */
  readonly placedIn = new Map<string, string>()
  /** The match of what waits for a person. */
  readonly proposed = new Map<string, Match>()
  readonly world: World
  rulesAt: (version: number) => Rules
  readonly #on: Listener
  #tickets = 0

  constructor(world: World, plans: Plans, rulesAt: (version: number) => Rules, on: Listener) {
    this.world = world
    this.rulesAt = rulesAt
    this.#on = on
    this.paging = new Paging(this.standing, world, plans, { page: on.page, end: on.end })
  }

  contextOf = (integrationId: string, now: number): Context =>
    this.world.contextOf(integrationId, now, this.rulesAt(this.world.ruleset))

  decide(batch: Batch): void {
    const { at: now, integrationId, arrivals } = batch
    this.#learn(batch)
    const context = this.contextOf(integrationId, now)
    const before = new Map<string, Alert>()
    for (const { event } of arrivals) {
      if (event.kind === 'unreadable') continue
      const known = this.standing.alerts.get(nameOf(integrationId, event.dedup_key))
      if (known) before.set(event.dedup_key, known.alert)
    }
    const asked = ask({ context, subjectOf: this.world.subjectOf(context.serviceId), before, arrivals })
    const claims = asked.claims.map(({ claim }) => claim)
    const placed = this.place(context, claims, batch)
    const { standing, outcomes } = settle(asked, placed)
    for (const alert of standing) this.standing.put(integrationId, alert)
    const touched: string[] = []
    const stilled: string[] = []
    const heeded: string[] = []
    for (const outcome of outcomes) {
      // What only repeats changes nothing beside its alert.
      if (outcome.outcome === 'repeated' && !outcome.placed) continue
      const { event, episode } = outcome
      if (event.kind === 'unreadable' || episode === null) continue
      const name = nameOf(integrationId, event.dedup_key)
      if (outcome.placed) this.#settleAt(name, episode, outcome.placed, now)
      else if (outcome.outcome === 'fired')
        this.#on.fate(openingOf(name, episode), held({ ...outcome.held }), now)
      const change = changeOf(outcome, name)
      if (change?.ticketId) touched.push(change.ticketId)
      if (change?.verb === 'snooze' && change.ticketId) stilled.push(change.ticketId)
      if (change?.status === 'acknowledged' && change.ticketId) heeded.push(change.ticketId)
    }
    for (const [index, claim] of claims.entries())
      if (placed[index]!.how === 'proposed') this.#propose(integrationId, claim)
    this.still(stilled, now)
    this.#heed(heeded, now)
    this.standing.scheduleRecoveries(touched, context.holdMs, now)
  }

  /** Time has come for these alerts; those for which it has not are left as they are. */
  age(ageing: Ageing): void {
    const { at: now, integrationId } = ageing
    this.#learn(ageing)
    const due = ageing.keys.flatMap((key) => {
      const name = nameOf(integrationId, key)
      const at = this.standing.timers.get(`alert ${name}`)
      const comes = (at !== undefined && at <= now) || (ageing.called?.has(key) ?? false)
      return comes ? (this.standing.alerts.get(name)?.alert ?? []) : []
    })
    if (due.length === 0) return
    const context = this.contextOf(integrationId, now)
    const again = askAgain(context, this.world.subjectOf(context.serviceId), due, now)
    const claims = again.claims.map(({ claim }) => claim)
    const settled = settleAged(again, this.place(context, claims, ageing))
    for (const { alert } of settled) this.standing.put(integrationId, alert)
    for (const { alert, placed } of settled)
      if (placed) this.#settleAt(nameOf(integrationId, alert.key), alert.state.episode, placed, now)
    for (const [index, claim] of claims.entries())
      if (settled.find(({ alert }) => alert.key === claim.key)?.placed?.how === 'proposed')
        this.#propose(integrationId, claims[index]!)
    const tickets = (...which: Settled['outcome'][]) => ticketsOf(settled, which)
    this.standing.scheduleRecoveries(tickets('expired', 'calmed'), context.holdMs, now)
    this.still(tickets('stilled'), now)
    this.#heed(
      settled.flatMap(({ outcome, alert }) =>
        outcome !== 'none' && alert.state.status === 'acknowledged' && alert.ticketId ? [alert.ticketId] : [],
      ),
      now,
    )
    this.#pageAnew(context, tickets('woken', 'released'), now)
  }

  /** Finds or opens the ticket of each claim, as `placeAlerts` does. */
  place(context: Context, claims: ClaimOfAlert[], { at: now, xid, placedIn }: Taking): Placed[] {
    if (claims.length === 0) return []
    const view = this.standing.viewFor(context, claims, this.world, now, placedIn)
    const placings = placeClaims(claims, view, context.rules.set.beside)
    const opened = new Map<string, string>()
    for (const [index, placing] of placings.entries())
      if (placing.how === 'opened')
        opened.set(placing.ticket, this.#open(placing, claims[index]!, context, now, xid))
    for (const [index, placing] of placings.entries()) {
      const claim = claims[index]!
      if (isGathered(placing))
        this.standing.groups.set(`${STORM} ${context.integrationId}`, {
          ticket: opened.get(placing.ticket) ?? placing.ticket,
          lastAt: now,
        })
      if (placing.how !== 'joined') continue
      const joined = this.standing.tickets.get(placing.ticket)
      if (joined && !context.shadow) joined.shadow = false
      if ((claim.match.own?.window_minutes ?? null) === null) continue
      const group = this.standing.groups.get(`${claim.match.rule} ${groupRow(claim)}`)
      if (group) group.lastAt = now
    }
    return placings.map((placing, index) => ({
      how: placing.how,
      serviceId: claims[index]!.serviceId,
      ticketId: 'ticket' in placing ? (opened.get(placing.ticket) ?? placing.ticket) : null,
      evidence: placing.evidence,
    }))
  }

  #open(placing: Opening, claim: ClaimOfAlert, context: Context, now: number, xid: number): string {
    const input = ticketOf(placing, claim, context, claim.severity)
    const ticket: Ticket = {
      id: `replay:${++this.#tickets}`,
      kind: input.kind,
      open: true,
      shadow: context.shadow,
      openedAt: now,
      xid,
      founder: openingOf(nameOf(claim.integrationId, claim.key), claim.episode),
      correlated: {
        rule: claim.match.rule,
        integrationId: claim.integrationId,
        node: placing.storm ? null : claim.node,
        serviceId: claim.serviceId,
        resolveOn: placing.storm ? 'all' : (claim.match.own?.resolve_on ?? 'all'),
        storm: placing.storm,
      },
      standing: new Set(),
      linked: [],
      cycle: null,
    }
    this.standing.add(ticket)
    this.standing.countOpening(ticket.correlated!, {
      at: now,
      ticket: ticket.id,
      serviceId: claim.serviceId,
      storm: placing.storm,
    })
    if (!placing.storm)
      this.standing.groups.set(`${claim.match.rule} ${groupRow(claim)}`, { ticket: ticket.id, lastAt: now })
    if (input.kind === 'incident') {
      // The service's policy is read when the ticket is written: a little later than what decided it.
      const recorded = this.#on.policyOf?.(ticket.founder)
      const policy = input.escalationPolicyId ?? this.#policyOf(input.serviceId ?? null)
      if (recorded === undefined) this.paging.start(ticket, policy, now)
      else this.paging.start(ticket, recorded?.policy ?? null, now, recorded?.version)
    }
    return ticket.id
  }

  #policyOf = (serviceId: string | null): string | null =>
    (this.world.service(serviceId)?.escalation_policy_id as string | null | undefined) ?? null

  #settleAt(name: string, episode: number, { how, ticketId, evidence }: Placed, now: number): void {
    const opening = openingOf(name, episode)
    const ticket = ticketId === null ? undefined : this.standing.tickets.get(ticketId)
    if (ticket) {
      this.standing.link(ticket, name, episode)
      // Bad enough to join and then to open, it may have asked twice in one batch: where it came first counts.
      if (this.placedIn.has(opening)) return
      this.placedIn.set(opening, ticket.id)
    }
    this.#on.fate(
      opening,
      { how, founder: ticket?.founder ?? null, kind: ticket?.kind ?? null, why: evidence },
      now,
    )
  }

  /** A person's answer puts it where the rule would have. */
  settle = (name: string, episode: number, placed: Placed, now: number): void =>
    this.#settleAt(name, episode, placed, now)

  #propose(integrationId: string, { key, match }: ClaimOfAlert): void {
    const name = nameOf(integrationId, key)
    const known = this.standing.alerts.get(name)
    if (!known) return
    const restraint = { ...known.alert.restraint, held: { by: 'proposed' as const, until: null } }
    this.standing.put(integrationId, { ...known.alert, restraint })
    this.proposed.set(name, match)
  }

  /** Pages under way stop for tickets of which every alert that fires is covered, or rests. */
  still(ids: Iterable<string>, now: number): void {
    for (const id of ids) {
      const ticket = this.standing.tickets.get(id)
      if (!ticket) continue
      const wakes = [...ticket.standing].some((name) => {
        const status = this.standing.alerts.get(name)?.alert.state.status
        return status === 'firing' || status === 'acknowledged'
      })
      if (!wakes) this.paging.end(ticket, now)
    }
  }

  /** Acknowledged where they came from: nobody is paged where no other alert fires. */
  #heed(ids: Iterable<string>, now: number): void {
    for (const id of ids) {
      const ticket = this.standing.tickets.get(id)
      const fires = (name: string) => this.standing.alerts.get(name)?.alert.state.status === 'firing'
      if (ticket && ![...ticket.standing].some(fires)) this.paging.end(ticket, now)
    }
  }

  #pageAnew({ shadow }: Context, ids: Iterable<string>, now: number): void {
    for (const id of ids) {
      const ticket = this.standing.tickets.get(id)
      // An integration in shadow wakes nobody by a ticket that pages, either.
      if (shadow && !ticket?.shadow) continue
      if (ticket?.open && ticket.cycle && !ticket.cycle.step)
        this.paging.start(ticket, ticket.cycle.policy, now)
    }
  }

  /** The hold is over: a ticket that is still calm resolves. */
  recover(ticket: Ticket, now: number): void {
    this.standing.timers.set(`recovery ${ticket.id}`, null)
    if (!ticket.open || !this.standing.isCalm(ticket)) return
    this.standing.close(ticket)
    this.paging.end(ticket, now)
  }

  #learn({ integrationId, known }: Taking): void {
    for (const alert of known)
      if (!this.standing.alerts.has(nameOf(integrationId, alert.key)))
        this.standing.put(integrationId, { ...alert, ticketId: null })
  }
}

const held = (why: Record<string, unknown>): Fate => ({ how: 'held', founder: null, kind: null, why })
