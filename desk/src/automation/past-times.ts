import { sql } from 'kysely'
import type { Tx } from '../activity/index.ts'
import { recurrenceOf } from '../calendar/index.ts'
import { readSettings } from '../services/index.ts'
import { datesOf } from './dates.ts'
import type { Occasion } from './fire.ts'
import type { AutomationRules } from './rules.ts'
import { occasionsOfWaiting } from './waited.ts'

const MOST = 5_000
const ENDED = new Set(['resolved', 'closed', 'cancelled'])

interface Period {
  from_at: Date
  to_at: Date
}
type Past = { one: Occasion; at: Date }

/** What a schedule would have done: how often it would have come, and how many of these times were tried. */
export interface Times {
  times: number
  tried: number
}

/**
 * The tickets that were open at the times of schedules in a period, the latest time first, and of each rule no more than
 * some thousands. Whatever opens tickets is counted alone.
 */
export async function pastSchedules(
  tx: Tx,
  { live }: AutomationRules,
  { from_at, to_at }: Period,
): Promise<{ past: Past[]; times: Map<string, Times> }> {
  const times = new Map<string, Times>()
  const past: Past[] = []
  for (const { rule } of live) {
    if (rule.on.kind !== 'schedule') continue
    const all = recurrenceOf(rule.on)!.between(from_at.getTime() - 1, to_at.getTime() - 1)
    const counted = { times: all.length, tried: rule.on.opens ? all.length : 0 }
    times.set(rule.id, counted)
    let left = rule.on.opens ? 0 : MOST
    for (const time of all.toReversed()) {
      if (left <= 0) break
      const found = await openThen(tx, rule.id, new Date(time), left)
      left -= Math.max(1, found.looked)
      if (left > 0) counted.tried++
      past.push(...found.past)
    }
  }
  return { past, times }
}

async function openThen(
  tx: Tx,
  rule: string,
  at: Date,
  most: number,
): Promise<{ past: Past[]; looked: number }> {
  const { rows } = await sql<{ id: string }>`
    select t.id from ticket t where t.created_at <= ${at}
      and (t.state not in ('resolved', 'closed', 'cancelled') or t.updated_at > ${at}) order by t.id limit ${most}`.execute(
    tx.db,
  )
  const occasions = await occasionsOfWaiting(
    tx,
    { kind: 'schedule', rule },
    rows.map(({ id }) => ({ ticketId: id, of: at, at })),
  )
  return { looked: rows.length, past: stillOpen(occasions).map((one) => ({ one, at })) }
}

/** Where rules that look ahead of dates would have looked, by the dates that tickets have now. */
export async function pastDates(tx: Tx, { live }: AutomationRules, period: Period): Promise<Past[]> {
  const { reporting_zone: zone } = await readSettings(tx.db)
  const found = live.map(async ({ rule: { id, on } }) => {
    if (on.kind !== 'before') return []
    const ahead = on.minutes * 60_000
    const later = (at: Date) => new Date(at.getTime() + ahead)
    const within = { after: later(period.from_at), until: later(period.to_at), zone, past: true }
    const { rows } = await sql<{ ticket_id: string; at: Date }>`
      select d.ticket_id, d.at from (${datesOf(on, within)}) d join ticket t on t.id = d.ticket_id
      where t.created_at <= d.at::timestamptz - make_interval(mins => ${on.minutes})
      order by d.at, d.ticket_id limit ${MOST}`.execute(tx.db)
    const looks = rows.map(({ ticket_id, at }) => ({
      ticketId: ticket_id,
      of: at,
      at: new Date(at.getTime() - ahead),
    }))
    const occasions = await occasionsOfWaiting(tx, { kind: 'before', rule: id }, looks)
    return occasions.flatMap((one, place) =>
      stillOpen([one]).map((open) => ({ one: open, at: looks[place]!.at })),
    )
  })
  return (await Promise.all(found)).flat()
}

const stillOpen = (occasions: Occasion[]): Occasion[] =>
  occasions.filter(({ facts }) => !ENDED.has(String(facts.state)))
