import type { Severity } from '@tocsin/db'
import { DEFAULT_RULE, type Match } from './match.ts'
import type { Ruleset } from './ruleset.ts'

/** An alert that asks for its ticket. */
export interface Claim {
  key: string
  episode: number
  match: Match
  /** The ticket that it stood in until a moment ago: firing again, it goes on there while that is open. */
  continues: string | null
  /** What may not open a ticket joins one that is open, or nothing. */
  mayOpen: boolean
  severity: Severity
  integrationId: string
  /** What it is about in the service map: the configuration item, else the service. */
  node: string | null
  onCi: boolean
  serviceId: string | null
}

/** An existing ticket's id, or `new:0` for the first that a batch opens. */
export type TicketRef = string

export interface OpenTicket {
  ticket: TicketRef
  /** Milliseconds. */
  openedAt: number
  integrationId: string
}

/** What is known when a batch is placed; `placeClaims` keeps it up to date with what it decides. */
export interface View {
  now: number
  /** The latest ticket of each group, by `groupRow`. */
  groups: Map<string, { ticket: TicketRef; open: boolean; lastAt: number }>
  /** Which of the tickets that claims continue are open. */
  going: Set<string>
  /** What a node depends on, nearest first, each with the path that leads there from it. */
  upstream: Map<string, { node: string; path: string[] }[]>
  /** Open tickets that correlation opened, by what they are about. */
  openOn: Map<string, OpenTicket[]>
  /**
   * How many tickets this integration opened within the storm's window, and how many of these before the one that
   * gathers, while it does; the services that the storm has touched.
   */
  storm: { opened: number; before: number; services: Set<string>; ticket: TicketRef | null }
  /** By rule: how many tickets it opened within the last hour, and the latest of them while that is open. */
  pace: Map<string, { opened: number; last: TicketRef | null }>
}

export type Evidence = Record<string, unknown>

export type Placing =
  | { how: 'nothing' | 'proposed'; evidence: Evidence }
  | { how: 'joined'; ticket: TicketRef; evidence: Evidence }
  | { how: 'opened'; ticket: TicketRef; storm: boolean; recurs: string | null; evidence: Evidence }

/** Groups of the default rule are an integration's own: two Alertmanagers may well use the same group key. */
export const groupRow = ({ match, integrationId }: Pick<Claim, 'match' | 'integrationId'>): string =>
  match.rule === DEFAULT_RULE ? `${integrationId} ${match.groupKey}` : match.groupKey

/** The row of an integration's storm among the groups, which says since when its ticket gathers and until when it did. */
export const STORM = 'storm'

const rowOf = (claim: Claim) => `${claim.match.rule} ${groupRow(claim)}`
const MINUTE = 60_000

/**
 * Where each claim goes. The ticket that it stood in a moment ago comes first, then its group's open one; then that of
 * what it depends on, or of the same item seen by another system; only then does it open one, unless a storm gathers
 * it. What others depend on is placed before them, else in the order given. Answers in the order given.
 */
export function placeClaims(claims: Claim[], view: View, beside: Ruleset['beside']): Placing[] {
  const placings = new Map<Claim, Placing>()
  let opened = 0
  for (const claim of causesFirst(claims, view)) {
    const placing =
      goOn(claim, view) ??
      joinGroup(claim, view) ??
      refuse(claim) ??
      joinCause(claim, view, beside) ??
      joinTwin(claim, view, beside)
    placings.set(claim, placing ?? open(claim, view, beside, () => `new:${opened++}`))
  }
  return claims.map((claim) => placings.get(claim)!)
}

/** With the map, a cause that arrives together with its symptoms, and after them, is still their cause. */
function causesFirst(claims: Claim[], view: View): Claim[] {
  if (view.upstream.size === 0) return claims
  const nodes = new Set(claims.flatMap((claim) => claim.node ?? []))
  const depth = (claim: Claim) =>
    claim.node === null
      ? 0
      : (view.upstream.get(claim.node) ?? []).filter(({ node }) => nodes.has(node)).length
  return claims.toSorted((a, b) => depth(a) - depth(b))
}

const told = ({ match, severity }: Claim, more: Evidence): Evidence => ({
  rule: match.rule,
  version: match.version,
  ...(match.own && { name: match.own.name }),
  matched: match.matched,
  severity,
  ...more,
})

/** Firing again within the hold continues the incident, whatever brought the alert there; its group may say so itself. */
function goOn(claim: Claim, view: View): Placing | null {
  const { continues } = claim
  if (continues === null || !view.going.has(continues)) return null
  const group = view.groups.get(rowOf(claim))
  if (group?.open && group.ticket === continues && isWithin(claim, view.now - group.lastAt)) return null
  if (group?.ticket === continues) group.lastAt = view.now
  return { how: 'joined', ticket: continues, evidence: told(claim, { beside: 'hold' }) }
}

function isWithin({ match }: Claim, gap: number): boolean {
  const window = match.own?.window_minutes ?? null
  return window === null || gap <= window * MINUTE
}

function joinGroup(claim: Claim, view: View): Placing | null {
  const group = view.groups.get(rowOf(claim))
  if (!group?.open) return null
  const gap = view.now - group.lastAt
  if (!isWithin(claim, gap)) return null
  group.lastAt = view.now
  const evidence = told(claim, { window_minutes: claim.match.own?.window_minutes ?? null, gap_ms: gap })
  return { how: 'joined', ticket: group.ticket, evidence }
}

function refuse(claim: Claim): Placing | null {
  const opens = claim.match.own?.opens
  if (opens !== 'nothing' && opens !== 'change_event') return null
  return { how: 'nothing', evidence: told(claim, { opens }) }
}

function joinCause(claim: Claim, view: View, { service_map }: Ruleset['beside']): Placing | null {
  if (!service_map.on || claim.node === null) return null
  const since = view.now - service_map.window_minutes * MINUTE
  for (const { node, path } of view.upstream.get(claim.node) ?? []) {
    const cause = view.openOn.get(node)?.find((one) => one.openedAt >= since)
    if (cause)
      return { how: 'joined', ticket: cause.ticket, evidence: told(claim, { beside: 'service_map', path }) }
  }
  return null
}

function joinTwin(claim: Claim, view: View, { same_ci }: Ruleset['beside']): Placing | null {
  if (!same_ci.on || claim.node === null || !claim.onCi) return null
  const since = view.now - same_ci.window_minutes * MINUTE
  const twin = view.openOn
    .get(claim.node)
    ?.find((one) => one.openedAt >= since && one.integrationId !== claim.integrationId)
  if (!twin) return null
  const evidence = told(claim, { beside: 'same_ci', path: [claim.node], gap_ms: view.now - twin.openedAt })
  return { how: 'joined', ticket: twin.ticket, evidence }
}

// A service that the storm has not touched is other trouble, and must be heard; a few of them, else it is the storm.
const STRANGERS = 4

/** A storm goes on while its ticket has gathered something within the window, however few open beside it. */
function gathered(
  { serviceId }: Claim,
  { opened, before, services, ticket }: View['storm'],
  openings: number,
) {
  if (ticket === null && opened < openings) return false
  const stranger = serviceId !== null && !services.has(serviceId)
  const theirs = opened - (ticket === null ? openings : Math.min(openings, before))
  return !(stranger && theirs < STRANGERS)
}

/** Whether a storm's ticket took it in, or was opened for it. */
export const isGathered = (placing: Placing): placing is Extract<Placing, { ticket: TicketRef }> =>
  'ticket' in placing && placing.evidence.beside === STORM

/** A rule that has opened as many as people allow it within the hour: its last ticket gathers the rest. */
function joinLast(claim: Claim, view: View): Placing | null {
  const most = claim.match.own?.most_per_hour
  const pace = view.pace.get(claim.match.rule)
  if (!most || !pace?.last || pace.opened < most) return null
  return {
    how: 'joined',
    ticket: pace.last,
    evidence: told(claim, { beside: 'limit', most_per_hour: most, openings: pace.opened }),
  }
}

function open(claim: Claim, view: View, { storm }: Ruleset['beside'], next: () => TicketRef): Placing {
  if (!claim.mayOpen) return { how: 'nothing', evidence: told(claim, { opens: false }) }
  if (claim.match.own?.confirm) return { how: 'proposed', evidence: told(claim, { confirm: true }) }
  const crowded = joinLast(claim, view)
  if (crowded) return crowded
  const gathers = storm.on && gathered(claim, view.storm, storm.openings)
  const evidence = told(claim, {
    ...(gathers && { beside: 'storm', openings: view.storm.opened, window_minutes: storm.window_minutes }),
  })
  if (gathers && view.storm.ticket) return { how: 'joined', ticket: view.storm.ticket, evidence }
  const ticket = next()
  if (claim.serviceId) view.storm.services.add(claim.serviceId)
  if (gathers) {
    view.storm.ticket = ticket
    view.storm.before = view.storm.opened
    return { how: 'opened', ticket, storm: true, recurs: null, evidence }
  }
  view.storm.opened++
  view.pace.set(claim.match.rule, {
    opened: (view.pace.get(claim.match.rule)?.opened ?? 0) + 1,
    last: ticket,
  })
  const before = view.groups.get(rowOf(claim))
  view.groups.set(rowOf(claim), { ticket, open: true, lastAt: view.now })
  if (claim.node !== null) {
    const here = view.openOn.get(claim.node) ?? []
    view.openOn.set(claim.node, [...here, { ticket, openedAt: view.now, integrationId: claim.integrationId }])
  }
  return {
    how: 'opened',
    ticket,
    storm: false,
    recurs: before?.ticket ?? null,
    evidence: { ...evidence, ...(before && { recurs: before.ticket }) },
  }
}
