import type { Next, TicketLine } from '#lib/api/types.ts'
import { m } from '#lib/paraglide/messages.js'
import { currentLocale } from '#lib/text/locale.ts'
import { dayAndTime } from '#lib/time/exact.ts'
import { zoneOfReader } from '#lib/time/reader-zone.ts'
import { workingWords } from '#lib/time/relative.ts'
import { targetWord } from '#lib/ticket/target-word.ts'
import { pendingWord } from '#lib/ticket/words.ts'
import type { AssignmentSettings, Refusal, ToldRoute } from './types.ts'

/** Why somebody is given nothing, in a few words. */
export function refusalWords({ code, until, skill, needs, has, open, cap }: Refusal): string {
  const at = until ? dayAndTime(until, currentLocale(), zoneOfReader()) : ''
  switch (code) {
    case 'exempt':
      return m.routing_exempt()
    case 'away':
      return m.routing_away_until({ at })
    case 'off_shift':
      return at ? m.routing_off_until({ at }) : m.routing_off()
    case 'skill':
      return m.routing_lacks({ skill: skill?.name ?? '', needs: needs ?? 0, has: has ?? 0 })
    case 'full':
      return m.routing_full({ open: open ?? 0, cap: cap ?? 0 })
  }
}

/** "Rule 3 of version 2, “Web”: service = web" */
export function routeWords({ rule, matched }: ToldRoute): string {
  const by = m.routing_by_rule({ place: rule.place, version: rule.version, name: rule.name })
  const facts = Object.entries(matched).map(([name, value]) => `${name} = ${value || '–'}`)
  return `${by}: ${facts.join(', ') || rule.when}`
}

/** Why a ticket stands where it stands in the order of what is next. */
export function nextWords({ target, remaining_ms, slack_ms, typical_ms, like, longer }: Next): string {
  const time = (ms: number) => workingWords(Math.max(60_000, Math.abs(ms)), currentLocale())
  const what = targetWord(target)
  if (remaining_ms <= 0) return m.next_overdue({ what, time: time(remaining_ms) })
  const due = m.next_due({ what, time: time(remaining_ms) })
  if (!like) return `${due} · ${m.next_unlike()}`
  const begin = slack_ms > 0 ? m.next_begin({ time: time(slack_ms) }) : m.next_begun({ time: time(slack_ms) })
  const took = m.next_took({
    count: like.n,
    time: time(typical_ms!),
    percent: Math.round((longer ?? 0) * 100),
  })
  return `${due} · ${begin} · ${took}`
}

/** The reason of a line in that order; empty in any other. */
export function reasonWords({ next, state, pending_reason }: TicketLine): string {
  if (next === undefined) return ''
  if (next) return nextWords(next)
  return state === 'pending' && pending_reason
    ? m.next_waits({ reason: pendingWord(pending_reason) })
    : m.next_unpromised()
}

export const modeWord = (mode: AssignmentSettings['mode']): string =>
  ({ off: m.routing_mode_off, round_robin: m.routing_mode_turn, least_loaded: m.routing_mode_load })[mode]()

export const hoursWord = (by: AssignmentSettings['works_by']): string =>
  ({
    always: m.routing_hours_always,
    calendar: m.routing_hours_calendar,
    schedule: m.routing_hours_schedule,
  })[by]()
