import { type Alert, dueAt } from '../alert/index.ts'
import {
  type ClaimOfAlert,
  type Context,
  groupRow,
  type OpenTicket,
  STORM,
  type View,
} from '../correlation/index.ts'
import { shows, type Snapshot } from './snapshot.ts'
import { Timers } from './timers.ts'
import type { World } from './world.ts'

export interface Known {
  integrationId: string
  alert: Alert
}

export interface Cycle {
  cycle: number
  policy: string
  version: number
  /** The step that waits; null: none runs. */
  step: { position: number; dueAt: number } | null
}

/** An opening of an alert in a ticket, until somebody takes it out. */
export interface Link {
  name: string
  episode: number
}

/** A ticket as the replay has it. */
export interface Ticket {
  id: string
  kind: string
  open: boolean
  /** An integration in shadow opened it, and nothing that pages has joined. */
  shadow: boolean
  openedAt: number
  /** The transaction that opened it, where that was within the replay. */
  xid: number | null
  /** The opening of the alert that opened it; its own id where it stood before, or people opened it. */
  founder: string
  /** What correlation keeps of it; null: people opened it. */
  correlated: {
    rule: string
    integrationId: string
    node: string | null
    serviceId: string | null
    resolveOn: string
    storm: boolean
  } | null
  /** Alerts that stand in it now, and those that were linked, in their order. */
  standing: Set<string>
  linked: Link[]
  cycle: Cycle | null
}

interface Opened {
  at: number
  ticket: string
  serviceId: string | null
  storm: boolean
}

export const nameOf = (integrationId: string, key: string): string => `${integrationId} ${key}`

const MINUTE = 60_000
const HOUR = 3_600_000

/** Alerts, tickets and groups as they stand in a replay; what lives in tables, in memory. */
export class Standing {
  readonly alerts = new Map<string, Known>()
  readonly tickets = new Map<string, Ticket>()
  readonly groups = new Map<string, { ticket: string; lastAt: number }>()
  /** `alert …`, `recovery …`, `step …`. */
  readonly timers = new Timers()
  readonly #openedBy = new Map<string, Opened[]>()
  readonly #openedUnder = new Map<string, Opened[]>()
  readonly #onNode = new Map<string, Set<string>>()

  put(integrationId: string, alert: Alert): void {
    const name = nameOf(integrationId, alert.key)
    const before = this.alerts.get(name)?.alert.ticketId ?? null
    this.alerts.set(name, { integrationId, alert })
    if (before !== alert.ticketId) {
      if (before) this.tickets.get(before)?.standing.delete(name)
      if (alert.ticketId) this.tickets.get(alert.ticketId)?.standing.add(name)
    }
    this.timers.set(`alert ${name}`, dueAt(alert.state, alert.restraint, alert.terms))
  }

  /** Takes a ticket in, with what counts towards storms and limits. */
  add(ticket: Ticket): void {
    this.tickets.set(ticket.id, ticket)
    if (!ticket.correlated) return
    const { node } = ticket.correlated
    if (node !== null) {
      const here = this.#onNode.get(node)
      if (here) here.add(ticket.id)
      else this.#onNode.set(node, new Set([ticket.id]))
    }
  }

  countOpening({ rule, integrationId }: { rule: string; integrationId: string }, opened: Opened): void {
    append(this.#openedBy, integrationId, opened)
    if (!opened.storm) append(this.#openedUnder, rule, opened)
  }

  link({ linked }: Ticket, name: string, episode: number): void {
    if (!linked.some((one) => one.name === name && one.episode === episode)) linked.push({ name, episode })
  }

  /** Whether what the rule asks of a ticket's alerts holds: all of them over, the first, or the latest. */
  isCalm(ticket: Ticket): boolean {
    // One that is not known any more rests since before the day began.
    const over = (name: string | undefined) => {
      const alert = name === undefined ? undefined : this.alerts.get(name)?.alert
      // Its opening here is over where it stands in another ticket now.
      if (!alert || alert.ticketId !== ticket.id) return true
      return alert.state.status === 'resolved' && !(alert.restraint.flap?.on ?? false)
    }
    const how = ticket.correlated?.resolveOn ?? 'all'
    if (how === 'never') return false
    if (how === 'first') return ticket.linked.length > 0 && over(ticket.linked[0]!.name)
    if (how === 'last') return ticket.linked.length > 0 && over(ticket.linked.at(-1)!.name)
    for (const name of ticket.standing) if (!over(name)) return false
    return true
  }

  /** Those that are calm get a due time, those that fire lose theirs. */
  scheduleRecoveries(ids: Iterable<string>, holdMs: number, now: number): void {
    for (const id of new Set(ids)) {
      const ticket = this.tickets.get(id)
      if (!ticket?.open) continue
      const name = `recovery ${id}`
      if (!this.isCalm(ticket)) this.timers.set(name, null)
      else if (this.timers.get(name) === undefined) this.timers.set(name, now + holdMs)
    }
  }

  close(ticket: Ticket): void {
    ticket.open = false
    this.timers.set(`recovery ${ticket.id}`, null)
    const { node } = ticket.correlated ?? {}
    if (node) this.#onNode.get(node)?.delete(ticket.id)
  }

  reopen(ticket: Ticket): void {
    ticket.open = true
    const { node } = ticket.correlated ?? {}
    if (node) this.#onNode.get(node)?.add(ticket.id)
  }

  /** What these claims may meet, as `readView` reads it. */
  viewFor(context: Context, claims: ClaimOfAlert[], world: World, now: number, seen: Snapshot | null): View {
    const { same_ci, service_map, storm } = context.rules.set.beside
    const nodes = new Set(claims.flatMap(({ node }) => node ?? []))
    const openOn = new Map<string, OpenTicket[]>()
    const upstream: View['upstream'] = new Map()
    if (same_ci.on || service_map.on) {
      const since = now - Math.max(same_ci.window_minutes, service_map.window_minutes) * MINUTE
      const look = (node: string): OpenTicket[] => {
        const known = openOn.get(node)
        if (known) return known
        const open = [...(this.#onNode.get(node) ?? [])]
          .map((id) => this.tickets.get(id)!)
          .filter(({ openedAt, xid }) => openedAt >= since && (xid === null || !seen || shows(seen, xid)))
          .map(({ id, openedAt, correlated }) => ({
            ticket: id,
            openedAt,
            integrationId: correlated!.integrationId,
          }))
          .toSorted((a, b) => b.openedAt - a.openedAt)
        openOn.set(node, open)
        return open
      }
      for (const node of nodes) {
        look(node)
        if (!service_map.on) continue
        const near = world.pathsUp(node).filter((one) => look(one.node).length > 0 || nodes.has(one.node))
        if (near.length > 0) upstream.set(node, near)
      }
    }
    const groups: View['groups'] = new Map()
    const pace: View['pace'] = new Map()
    for (const claim of claims) {
      const row = `${claim.match.rule} ${groupRow(claim)}`
      const group = this.groups.get(row)
      if (group) groups.set(row, { ...group, open: this.tickets.get(group.ticket)?.open ?? false })
      if (claim.match.own?.most_per_hour && !pace.has(claim.match.rule))
        this.#paceOf(claim.match.rule, now, pace)
    }
    const going = new Set(
      claims.flatMap(({ continues }) => (continues && this.tickets.get(continues)?.open ? continues : [])),
    )
    return { now, groups, going, upstream, openOn, storm: this.#stormOf(context, storm, now), pace }
  }

  #paceOf(rule: string, now: number, pace: View['pace']): void {
    const opened = (this.#openedUnder.get(rule) ?? []).filter(({ at }) => at > now - HOUR)
    const last = opened.at(-1)
    if (!last) return
    const open = this.tickets.get(last.ticket)?.open ?? false
    pace.set(rule, { opened: opened.length, last: open ? last.ticket : null })
  }

  #stormOf(
    { integrationId }: Context,
    { on, window_minutes }: { on: boolean; window_minutes: number },
    now: number,
  ): View['storm'] {
    if (!on) return { opened: 0, before: 0, services: new Set(), ticket: null }
    const window = window_minutes * MINUTE
    const group = this.groups.get(`${STORM} ${integrationId}`)
    const storm = group && group.lastAt >= now - window ? this.tickets.get(group.ticket) : undefined
    const touched = (this.#openedBy.get(integrationId) ?? []).filter(
      ({ at }) => at >= (storm ? storm.openedAt : now) - window,
    )
    const opened = touched.filter((one) => !one.storm && one.at >= now - window)
    return {
      opened: opened.length,
      before: storm ? opened.filter(({ at }) => at <= storm.openedAt).length : 0,
      services: new Set(touched.flatMap(({ serviceId }) => serviceId ?? [])),
      ticket: storm?.open ? storm.id : null,
    }
  }

  /** Forgets what rests since before this instant: whoever meets it again finds it in the record. */
  forget(before: number, openingsBefore: number): void {
    for (const [name, { alert }] of this.alerts) {
      const { state, restraint, ticketId } = alert
      const ticket = ticketId === null ? undefined : this.tickets.get(ticketId)
      if (state.status !== 'resolved' || state.lastAt >= before || restraint.flap?.on || ticket?.open)
        continue
      ticket?.standing.delete(name)
      this.alerts.delete(name)
    }
    for (const [id, { open, openedAt, standing }] of this.tickets)
      if (!open && openedAt < before && standing.size === 0) this.tickets.delete(id)
    for (const [row, { ticket }] of this.groups) if (!this.tickets.has(ticket)) this.groups.delete(row)
    for (const known of [this.#openedBy, this.#openedUnder])
      for (const [of, opened] of known)
        known.set(
          of,
          opened.filter(({ at }) => at >= openingsBefore),
        )
  }
}

function append<T>(map: Map<string, T[]>, key: string, value: T): void {
  const known = map.get(key)
  if (known) known.push(value)
  else map.set(key, [value])
}
