import type { Db, Tables } from '@tocsin/db'
import type { Transaction } from 'kysely'
import { DeskError, record, type Tx } from '../activity/index.ts'
import { INSTALLATION } from './priority.ts'

/** Settings of the whole installation, with what holds until somebody sets them. */
export const SETTINGS = {
  /** Days and months of every figure begin and end in this zone. */
  reporting_zone: 'UTC',
  /** A resolved ticket that nobody reopens is closed after this many days. */
  close_after_days: 5,
  /** How long recovered alerts must stay quiet before their incident resolves, in ms. */
  recovery_hold_ms: 15_000,
  /** A problem is closed once so many days went by without another incident of its. */
  problem_quiet_days: 14,
  /** A major incident is closed only once its review is finished. */
  review_before_close: false,
  /** Days that requests are kept as they came; 0: for ever. */
  keep_requests_days: 90,
  /** Days that single events, and what became of each, are kept, with what could not be read; 0: for ever. */
  keep_events_days: 400,
  /** Days back that the past can be replayed; 0: for ever. */
  keep_decisions_days: 90,
  /** Days that it is kept what rules acted on; 0: for ever. */
  keep_automation_days: 400,
}
export type Settings = typeof SETTINGS

export async function readSettings(db: Db | Transaction<Tables>): Promise<Settings> {
  const rows = await db
    .selectFrom('setting')
    .select(['key', 'value'])
    .where('key', 'in', Object.keys(SETTINGS))
    .execute()
  return { ...SETTINGS, ...Object.fromEntries(rows.map((row) => [row.key, row.value])) }
}

// A preview looks a week back, and drop_day refuses what is younger.
const KEEP = {
  holds: (days: number) => days === 0 || (Number.isInteger(days) && days >= 7 && days <= 3_650),
  says: '7 to 3,650 days; 0: for ever',
}
const RULES: { [K in keyof Settings]: { holds: (value: Settings[K]) => boolean; says: string } } = {
  reporting_zone: {
    holds: (zone) => zone === 'UTC' || Intl.supportedValuesOf('timeZone').includes(zone),
    says: 'an IANA time zone, such as Europe/Rome',
  },
  close_after_days: {
    holds: (days) => Number.isInteger(days) && days >= 1 && days <= 90,
    says: '1 to 90 days',
  },
  recovery_hold_ms: {
    holds: (ms) => Number.isInteger(ms) && ms >= 0 && ms <= 3_600_000,
    says: '0 to 3,600,000 ms',
  },
  problem_quiet_days: {
    holds: (days) => Number.isInteger(days) && days >= 0 && days <= 365,
    says: '0 to 365 days',
  },
  review_before_close: { holds: (asked) => typeof asked === 'boolean', says: 'true or false' },
  keep_requests_days: KEEP,
  keep_events_days: KEEP,
  keep_decisions_days: KEEP,
  keep_automation_days: KEEP,
}

export async function setSettings(tx: Tx, changes: Partial<Settings>): Promise<void> {
  const errors = (Object.keys(changes) as (keyof Settings)[]).flatMap((key) => {
    const rule = RULES[key] as { holds: (value: unknown) => boolean; says: string }
    return rule.holds(changes[key]) ? [] : [{ path: key, message: rule.says }]
  })
  if (errors.length > 0) throw new DeskError('invalid', 'Some settings are not right.', { errors })
  const before = await readSettings(tx.db)
  const rows = Object.entries(changes).map(([key, value]) => ({
    key,
    value: JSON.stringify(value),
    updated_at: tx.now,
  }))
  if (rows.length === 0) return
  await tx.db
    .insertInto('setting')
    .values(rows)
    .onConflict((conflict) =>
      conflict.column('key').doUpdateSet((eb) => ({ value: eb.ref('excluded.value'), updated_at: tx.now })),
    )
    .execute()
  await record(tx, [
    {
      verb: 'set',
      subject: INSTALLATION,
      before: Object.fromEntries(Object.keys(changes).map((key) => [key, before[key as keyof Settings]])),
      after: changes,
      visibility: 'audit',
    },
  ])
}
