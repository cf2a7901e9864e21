import { sql } from 'kysely'
import { z } from 'zod'
import { found, record, type Tx } from '../activity/index.ts'
import type { Terms } from './restraint.ts'

const seconds = z.int().min(0).max(86_400)
const minutes = z.int().min(1).max(10_080)

/** How patient one is with alerts, as administrators write it; null: not at all. */
export const Patience = z.strictObject({
  /** Resolved within it, nobody hears of it. */
  hold_seconds: seconds,
  /** Only after so many triggers in so many minutes. */
  threshold: z.strictObject({ count: z.int().min(2).max(100), minutes }).nullable(),
  /** Percent of change: flapping begins at the high limit and ends at the low one. */
  flapping: z
    .strictObject({ low: z.number().min(1).max(99), high: z.number().min(2).max(100) })
    .refine(({ low, high }) => low < high, { message: 'the low limit must lie below the high one' })
    .nullable(),
  /** Silent for so many minutes, an alert counts as resolved. */
  expire_minutes: minutes.nullable(),
})
export type Patience = z.infer<typeof Patience>

/** Nagios's own limits. */
const FLAPPING = { low: 20, high: 30 }
// Prometheus sends what fires again and again; Alertmanager takes silence of five minutes for its end.
const RESEND: Record<string, number> = { prometheus: 5 }

/** What holds for a system until somebody sets it. */
export const usualPatience = (system: string): Patience => ({
  hold_seconds: 0,
  threshold: null,
  flapping: FLAPPING,
  expire_minutes: RESEND[system] ?? null,
})

/** The terms of an integration, from its settings. What cannot be read there counts as not set. */
export function termsOf(settings: unknown, system: string): Terms {
  const read = Patience.safeParse(settings)
  return inMilliseconds(read.success ? read.data : usualPatience(system))
}

export const inMilliseconds = ({ hold_seconds, threshold, flapping, expire_minutes }: Patience): Terms => ({
  holdMs: hold_seconds * 1_000,
  threshold: threshold && { count: threshold.count, windowMs: threshold.minutes * 60_000 },
  flapping,
  expireMs: expire_minutes === null ? null : expire_minutes * 60_000,
})

/** Sets how patient one is with the alerts of an integration, from their next opening on. null: as usual. */
export async function setPatience(tx: Tx, integrationId: string, patience: Patience | null): Promise<void> {
  const { rows } = await sql<{ before: unknown }>`
    update integration set revision = revision + 1, settings = case
      when ${patience === null} then settings - 'patience'
      else jsonb_set(settings, '{patience}', ${JSON.stringify(patience)}::jsonb) end
    where id = ${integrationId} and archived_at is null
    returning old.settings -> 'patience' as before`.execute(tx.db)
  const { before } = found(rows[0], 'integration')
  await record(tx, [
    {
      verb: 'edit',
      subject: { kind: 'integration', id: integrationId },
      before: { patience: before },
      after: { patience },
      visibility: 'audit',
    },
  ])
}
