import type { Kind } from '#lib/api/types.ts'
import { percentWords } from '#lib/insight/format.ts'
import { m } from '#lib/paraglide/messages.js'
import { refusalWords } from '#lib/routing/words.ts'
import type { Refusal } from '#lib/routing/types.ts'
import { labelText } from '#lib/text/label.ts'
import { currentLocale } from '#lib/text/locale.ts'
import { kindWord, pendingWord } from '#lib/ticket/words.ts'
import { durationWords } from '#lib/time/duration.ts'
import { dayAndTime } from '#lib/time/exact.ts'
import { zoneOfReader } from '#lib/time/reader-zone.ts'
import type { Foretold, Hand, LikeGroup, StalledTicket } from './types.ts'

/** 0.623 as "62%". */
export const shareWords = (share: number): string =>
  new Intl.NumberFormat(currentLocale(), { style: 'percent', maximumFractionDigits: 0 }).format(share)

export const exactShare = (share: number): string => percentWords(share * 100, currentLocale())

const amount = (value: number, digits = 0) =>
  new Intl.NumberFormat(currentLocale(), { maximumFractionDigits: digits }).format(value)
export const countWords = (value: number): string => amount(value)
/** How many are to be expected: a tenth says something below ten only. */
export const expectedWords = (value: number): string => amount(value, value < 10 ? 1 : 0)

/** Whom the odds are told by: "P2 · Incident · Network". */
export function likeWords({ kind, priority, team, service }: LikeGroup): string {
  const parts = [priority, kindWord(kind as Kind), service ? labelText(service.name) : team?.name]
  return parts.filter(Boolean).join(' · ')
}

export const whyOdds = ({ like }: Foretold): string =>
  like
    ? m.live_odds_why({ broke: amount(like.broke), n: amount(like.n), like: likeWords(like) })
    : m.live_odds_none()

/** A bucket of age between its bounds, which are spelt as in a filter: "4h", "7d". */
export function ageWords(age: number, bounds: readonly string[]): string {
  const spelt = (bound: string) =>
    new Intl.NumberFormat(currentLocale(), {
      style: 'unit',
      unit: bound.endsWith('h') ? 'hour' : 'day',
      unitDisplay: 'short',
    }).format(Number.parseInt(bound, 10))
  const [older, younger] = [bounds[age - 1], bounds[age]]
  if (!older) return m.live_younger({ age: spelt(younger!) })
  if (!younger) return m.live_older({ age: spelt(older) })
  return m.live_between({ from: spelt(older), to: spelt(younger) })
}

/** Why a ticket has stalled. `now` in milliseconds. */
export function stallWords(
  { code, since, allowed_ms, n, pending_reason }: StalledTicket,
  now: number,
): string {
  const locale = currentLocale()
  const rough = (ms: number) => durationWords(Math.max(60_000, ms - (ms % 60_000)), locale)
  if (code === 'nobody') return m.live_stall_nobody()
  if (code === 'overslept') return m.live_stall_overslept({ at: dayAndTime(since, locale, zoneOfReader()) })
  const [quiet, allowed] = [rough(now - Date.parse(since)), rough(allowed_ms ?? 0)]
  if (code === 'waiting') return m.live_stall_waiting({ reason: pendingWord(pending_reason), quiet, allowed })
  return n === null ? m.live_stall_team({ quiet, allowed }) : m.live_stall_untouched({ quiet, allowed })
}

/** How much somebody holds, of how much they may. */
export function holdsWords({ member, open }: Hand, teamCap: number | null): string {
  const cap = member ? (member.cap ?? teamCap) : null
  return cap === null
    ? m.live_holds({ open: amount(open) })
    : m.live_holds_of({ open: amount(open), cap: amount(cap) })
}

/** Why the desk would give somebody nothing now; undefined: it would. */
export const whyNot = (hand: Hand | undefined): string | undefined =>
  hand?.member?.unavailable ? refusalWords(hand.member.unavailable as Refusal) : undefined
