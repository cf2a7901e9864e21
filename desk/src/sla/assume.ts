import type { Priority } from '@tocsin/db'
import type { CalendarVersion } from '../calendar/index.ts'
import { decideClock } from './clock.ts'
import { answeredAt } from './follow.ts'
import type { PastRow } from './held.ts'
import { pausesOf, type PolicyVersion, type Targets } from './policies.ts'

export type Outcome = 'met' | 'breached' | 'open' | 'none'
export const ASSUMED_TARGETS = ['response', 'resolution'] as const
export type AssumedTarget = (typeof ASSUMED_TARGETS)[number]

/** What is assumed of a policy; what is not said stays as it was promised. */
export interface AssumedTerms {
  calendar_id?: string
  targets?: Targets
}

/** A clock of the past, as it stands in the record. */
export interface PastClock {
  state: string
  imported: boolean
  policyVersionId: string | null
  calendarVersionId: string | null
  elapsedMs: number
  targetMs: number
}

export interface PastTicket {
  id: string
  kind: string
  priority: Priority
  teamId: string | null
  acknowledgedAt: Date | null
  firstResponseAt: Date | null
  clocks: Partial<Record<AssumedTarget, PastClock>> | null
}

export interface Assumption {
  policyId: string
  terms: AssumedTerms
  /** Calendars as they hold now, by their id. */
  calendars: Map<string, CalendarVersion>
  /** Those that clocks were counted by, by their own id. */
  recorded: Map<string, CalendarVersion>
}

export interface Ending {
  ticketId: string
  target: AssumedTarget
  priority: Priority
  team: string | null
  was: Outcome
  becomes: Outcome
  elapsedMs: number
  targetMs: number
}

/**
 * How the promises of one ticket ended and would have ended. What is assumed of a policy changes the tickets that it
 * covers, and of these what was promised otherwise: all else ends as it ended.
 */
export function endingsOf(
  ticket: PastTicket,
  history: PastRow[],
  policy: PolicyVersion | undefined,
  assumption: Assumption,
  now: Date,
): Ending[] {
  const { id: ticketId, priority, teamId: team } = ticket
  return ASSUMED_TARGETS.flatMap((target): Ending[] => {
    const clock = ticket.clocks?.[target]
    const was = outcomeOf(clock?.state)
    const figures = { elapsedMs: clock?.elapsedMs ?? 0, targetMs: clock?.targetMs ?? 0 }
    const concerned = policy?.policyId === assumption.policyId && !clock?.imported && history.length > 0
    const ending = concerned
      ? (assumedEnding(ticket, target, history, policy, assumption, now) ?? { becomes: was, ...figures })
      : { becomes: was, ...figures }
    if (was === 'none' && ending.becomes === 'none') return []
    return [{ ticketId, target, priority, team, was, ...ending }]
  })
}

interface Terms {
  targetMs: number | null
  hours: CalendarVersion | undefined
}

/** Null where nothing that was promised to this ticket is assumed to have been another thing. */
function assumedEnding(
  ticket: PastTicket,
  target: AssumedTarget,
  history: PastRow[],
  policy: PolicyVersion,
  { terms, calendars, recorded }: Assumption,
  now: Date,
): Pick<Ending, 'becomes' | 'elapsedMs' | 'targetMs'> | null {
  const clock = ticket.clocks?.[target]
  const counted = recorded.get(clock?.calendarVersionId ?? '')
  const termsAt = (priority: Priority): Terms & { same: boolean } => {
    const had = policy.targets[priority]
    const has = terms.targets ? terms.targets[priority] : had
    const calendarHad = had?.calendar_id ?? policy.calendarId
    const calendarId = has?.calendar_id ?? terms.calendar_id ?? calendarHad
    const targetMs = has?.[`${target}_ms`] ?? null
    // As it was counted, where the calendar is no other: a newer version of it is not what is asked about.
    const hours = counted?.calendarId === calendarId ? counted : calendars.get(calendarId)
    return {
      targetMs,
      hours,
      same: targetMs === (had?.[`${target}_ms`] ?? null) && calendarId === calendarHad,
    }
  }
  if (history.every(({ priority }) => termsAt(priority).same)) return null

  const facts = {
    target,
    pauses: pausesOf(policy),
    answeredAt: answeredAt(ticket.kind, ticket.acknowledgedAt, ticket.firstResponseAt),
    marks: [],
  }
  const decide = ({ targetMs, hours }: Terms, until: number, at: Date, breachedAt: Date | null) =>
    targetMs === null || !hours
      ? null
      : decideClock({ ...facts, targetMs, hours, breachedAt }, history.slice(0, until), at)
  // What was broken under one priority is not forgiven by the next.
  let breachedAt: Date | null = null
  for (const [place, row] of history.entries()) {
    const before = history[place - 1]
    if (before && before.priority !== row.priority)
      breachedAt = decide(termsAt(before.priority), place, row.at, breachedAt)?.breachedAt ?? breachedAt
  }
  const last = termsAt(ticket.priority)
  const decided = decide(last, history.length, now, breachedAt)
  return {
    becomes: decided ? outcomeOf(decided.state) : breachedAt ? 'breached' : 'none',
    elapsedMs: decided?.elapsedMs ?? 0,
    targetMs: last.targetMs ?? 0,
  }
}

/** A promise that nobody owes any more is none. */
const outcomeOf = (state: string | undefined): Outcome =>
  state === 'met' || state === 'breached'
    ? state
    : state === 'running' || state === 'paused'
      ? 'open'
      : 'none'
