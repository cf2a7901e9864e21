import type { Alert } from '../alert/index.ts'
import { claimOf } from '../correlation/index.ts'
import { OPEN_STATES } from '../ticket/index.ts'
import type { Past } from './past.ts'
import type { Simulation } from './simulation.ts'
import type { Ticket } from './standing.ts'

/** A line of the record that a replay takes over or goes by. */
export interface Line {
  at: number
  verb: string
  actor: { kind: string; id: string | null }
  subject: { kind: string; id: string }
  ticketId: string | null
  /** Of an alert: its integration and key. */
  alert: { integrationId: string; name: string } | null
  before: Record<string, unknown> | null
  after: Record<string, unknown> | null
  why: Record<string, unknown> | null
}

/** Does in a replay what the line says that people did, or that time did at this moment. */
export function follow(simulation: Simulation, past: Past, line: Line): void {
  const { subject, alert } = line
  if (subject.kind === 'maintenance') announce(simulation, line)
  else if (alert) onAlert(simulation, past, line, alert)
  else if (subject.kind === 'ticket') onTicket(simulation, past, line)
  else if (line.verb === 'escalate') startByHand(simulation, line)
  else if (subject.kind === 'page' && line.verb !== 'page') endPages(simulation, past, line)
  else if (line.verb === 'page' || line.verb === 'page-nobody') decideStep(simulation, past, line)
}

/** A window begins, ends or changes: the time has come of those that it may still, and of those that it held. */
function announce({ standing }: Simulation, { verb, subject, at }: Line): void {
  for (const [name, { alert }] of standing.alerts) {
    const ticket = alert.ticketId === null ? undefined : standing.tickets.get(alert.ticketId)
    const pages = alert.state.status === 'firing' && (ticket?.cycle?.step ?? null) !== null
    const held = alert.restraint.held?.window === subject.id
    if ((verb !== 'end' && pages) || (verb !== 'begin' && held)) standing.timers.set(`alert ${name}`, at)
  }
}

function onTicket(simulation: Simulation, past: Past, line: Line): void {
  const { verb, actor, subject, after, why, at } = line
  const { standing, paging } = simulation
  if (verb === 'open') {
    // What rules open, this opens by its own decisions.
    if (why?.rule === 'person' || after?.channel !== 'monitoring')
      standing.add(byHand(subject.id, String(after?.kind), at))
    return
  }
  const twins = [...past.twins(simulation, subject.id)]
  if (verb === 'merge') {
    if (after?.from === true && twins.length > 0)
      merge(simulation, twins, targetOf(simulation, past, String(after.other), twins[0]!, at), at)
    return
  }
  if (verb === 'unmerge' && after?.from === true)
    takeBack(simulation, twins, [...past.twins(simulation, String(after.other))], at)
  const recovers = verb === 'resolve' && actor.kind === 'rule' && why?.rule === 'recovery'
  const state = after?.state as (typeof OPEN_STATES)[number] | undefined
  const takesIt = verb === 'assign' && actor.kind === 'person' && after?.assignee_id === actor.id
  for (const ticket of twins) {
    if (recovers) {
      if ((standing.timers.get(`recovery ${ticket.id}`) ?? Infinity) <= at) simulation.recover(ticket, at)
      continue
    }
    if (state !== undefined && OPEN_STATES.includes(state)) {
      if (!ticket.open) standing.reopen(ticket)
    } else if (state !== undefined && ticket.open) standing.close(ticket)
    if (
      verb === 'resolve' ||
      verb === 'cancel' ||
      takesIt ||
      (verb === 'acknowledge' && actor.kind === 'person')
    )
      paging.end(ticket, at)
  }
}

/** Into which ticket it is merged; one that people opened long before stood in no checkpoint. */
function targetOf(simulation: Simulation, past: Past, id: string, { kind }: Ticket, at: number): Ticket {
  const [known] = past.twins(simulation, id)
  if (known) return known
  const made = byHand(id, kind, at)
  simulation.standing.add(made)
  return made
}

const byHand = (id: string, kind: string, at: number): Ticket => ({
  id,
  kind,
  open: true,
  shadow: false,
  openedAt: at,
  xid: null,
  founder: id,
  correlated: null,
  standing: new Set(),
  linked: [],
  cycle: null,
})

function merge(simulation: Simulation, from: Ticket[], into: Ticket, at: number): void {
  const { standing } = simulation
  for (const ticket of from) {
    if (ticket === into) continue
    if (!ticket.shadow) into.shadow = false
    for (const { name, episode } of ticket.linked)
      if (ticket.standing.has(name) && standing.alerts.get(name)?.alert.state.episode === episode)
        standing.link(into, name, episode)
    for (const name of ticket.standing) {
      const known = standing.alerts.get(name)
      if (known) standing.put(known.integrationId, { ...known.alert, ticketId: into.id })
    }
    for (const group of standing.groups.values()) if (group.ticket === ticket.id) group.ticket = into.id
    if (ticket.open) standing.close(ticket)
    simulation.paging.end(ticket, at)
    settleRecovery(simulation, [ticket, into], at)
  }
}

/** A merge that was undone: the ticket's alerts stand in it again. */
function takeBack(simulation: Simulation, tickets: Ticket[], from: Ticket[], at: number): void {
  const { standing } = simulation
  for (const ticket of tickets)
    for (const into of from) {
      if (into === ticket) continue
      for (const name of [...into.standing].filter((one) =>
        ticket.linked.some((link) => link.name === one),
      )) {
        const { integrationId, alert } = standing.alerts.get(name)!
        standing.put(integrationId, { ...alert, ticketId: ticket.id })
        into.linked = into.linked.filter((one) => one.name !== name)
      }
      settleRecovery(simulation, [ticket, into], at)
    }
}

/** As live: what is left without alerts recovers from nothing. */
function settleRecovery({ standing, world }: Simulation, tickets: Ticket[], at: number): void {
  for (const { id } of tickets) standing.timers.set(`recovery ${id}`, null)
  const holding = tickets.filter((ticket) => ticket.standing.size > 0).map(({ id }) => id)
  standing.scheduleRecoveries(holding, Number(world.setting('recovery_hold_ms', 15_000)), at)
}

function startByHand({ standing, paging }: Simulation, { ticketId, after, at }: Line): void {
  const ticket = ticketId === null ? undefined : standing.tickets.get(ticketId)
  if (ticket && ticket.correlated === null) paging.start(ticket, String(after?.policy), at)
}

/** A person has answered, or ended, pages under way: whatever else that left to see in the record. */
function endPages(simulation: Simulation, past: Past, { ticketId, at }: Line): void {
  if (ticketId === null) return
  for (const ticket of past.twins(simulation, ticketId)) simulation.paging.end(ticket, at)
}

function decideStep(simulation: Simulation, past: Past, { ticketId, after, actor, at }: Line): void {
  if (ticketId === null || actor.kind !== 'rule' || after?.step === undefined) return
  for (const ticket of past.twins(simulation, ticketId)) {
    const step = ticket.cycle?.step
    // One line for each person: the first of them decides.
    if (step && step.position === after.step && step.dueAt <= at) simulation.paging.decide(ticket, at)
  }
}

function onAlert(
  simulation: Simulation,
  past: Past,
  line: Line,
  { integrationId, name }: NonNullable<Line['alert']>,
): void {
  const { verb, at, after, ticketId } = line
  const { standing, paging } = simulation
  // Whoever lets an alert rest has answered for its ticket.
  const answers = verb === 'acknowledge' || verb === 'snooze'
  if (answers && ticketId && line.actor.kind === 'person')
    for (const ticket of past.twins(simulation, ticketId)) paging.end(ticket, at)
  const alert = standing.alerts.get(name)?.alert
  if (!alert || alert.state.status === 'resolved') {
    if (alert && (verb === 'detach' || verb === 'split'))
      takeOut(simulation, past, line, { integrationId, name, alert })
    return
  }
  const due = standing.timers.get(`alert ${name}`) ?? Infinity
  switch (verb) {
    case 'acknowledge':
      if (alert.state.status !== 'acknowledged')
        standing.put(integrationId, {
          ...alert,
          state: { ...alert.state, status: 'acknowledged', acknowledgedAt: at, noticed: undefined },
        })
      return
    case 'snooze': {
      const until = Date.parse(String(after?.until))
      const rests = alert.ticketId === null || !standing.tickets.get(alert.ticketId)?.open
      standing.put(integrationId, {
        ...alert,
        state: { ...alert.state, ...(rests && { status: 'suppressed' as const }) },
        restraint: {
          ...alert.restraint,
          snoozedUntil: until,
          ...(rests && { held: { by: 'snoozed' as const, until } }),
        },
      })
      standing.timers.set(`alert ${name}`, Math.min(due, until))
      return
    }
    case 'unsnooze': {
      const { held } = alert.restraint
      standing.put(integrationId, {
        ...alert,
        restraint: {
          ...alert.restraint,
          snoozedUntil: at,
          held: held?.by === 'snoozed' ? { ...held, until: at } : held,
        },
      })
      standing.timers.set(`alert ${name}`, at)
      return
    }
    case 'detach':
    case 'split':
      takeOut(simulation, past, line, { integrationId, name, alert })
      return
    case 'decline': {
      const { held } = alert.restraint
      if (held?.by === 'proposed')
        standing.put(integrationId, { ...alert, restraint: { ...alert.restraint, held: null, apart: true } })
      return
    }
    case 'accept':
      accept(simulation, integrationId, name, alert, at)
  }
}

/** The links with a ticket end, and the alert is out of it where its present opening stood there. */
function takeOut(
  simulation: Simulation,
  past: Past,
  { ticketId, before, after, at }: Line,
  { integrationId, name, alert }: { integrationId: string; name: string; alert: Alert },
): void {
  const { standing } = simulation
  const real = ticketId ?? (before?.ticket as string | undefined)
  const twins = new Set(real === undefined ? [] : past.twins(simulation, real))
  const present = alert.ticketId === null ? undefined : standing.tickets.get(alert.ticketId)
  if (present && after?.episode === alert.state.episode) twins.add(present)
  const other = (after?.other ?? after?.ticket) as string | undefined
  const into = other === undefined ? undefined : standing.tickets.get(other)
  const from = [...twins].filter(({ linked }) => linked.some((one) => one.name === name))
  if (from.length === 0) return
  for (const ticket of from) ticket.linked = ticket.linked.filter((one) => one.name !== name)
  if (present && from.includes(present))
    standing.put(integrationId, {
      ...alert,
      ticketId: into?.id ?? null,
      restraint: { ...alert.restraint, apart: true },
    })
  if (into) {
    const pages = !simulation.contextOf(integrationId, at).shadow
    into.shadow = from.some(({ shadow }) => shadow) || (!pages && (into.linked.length === 0 || into.shadow))
    standing.link(into, name, Number(after?.episode))
  }
  settleRecovery(simulation, into ? [...from, into] : from, at)
}

function accept(simulation: Simulation, integrationId: string, name: string, alert: Alert, at: number): void {
  const match = simulation.proposed.get(name)
  if (alert.ticketId !== null || !match?.own) return
  const context = simulation.contextOf(integrationId, at)
  const claim = claimOf(context, simulation.world.subjectOf(context.serviceId), {
    alert,
    match: { ...match, own: { ...match.own, confirm: false }, terms: null },
    severity: alert.state.severity,
    cause: { kind: 'proposal', id: name },
    quiet: false,
  })
  const [placed] = simulation.place(context, [claim], {
    at,
    integrationId,
    xid: 0,
    placedIn: null,
    known: [],
  })
  if (!placed?.ticketId) return
  const { status } = alert.state
  simulation.standing.put(integrationId, {
    ...alert,
    ticketId: placed.ticketId,
    state: { ...alert.state, status: status === 'suppressed' ? 'firing' : status },
    restraint: { ...alert.restraint, held: null, snoozedUntil: null },
  })
  simulation.settle(name, alert.state.episode, placed, at)
  simulation.standing.scheduleRecoveries([placed.ticketId], context.holdMs, at)
}
