import type { Tx } from '../activity/index.ts'
import { createCalendar } from '../calendar/index.ts'
import { createPolicy } from './policy.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
/** A business day is what the office hours hold, Monday to Friday 9:00 to 17:30. */
const BUSINESS_DAY = 8.5 * HOUR

/**
 * What a new desk promises until its administrator says otherwise: P1 and P2 around the clock, the others
 * in office hours of `zone`. Answers the ids of what it made.
 */
export async function createDefaultSla(
  tx: Tx,
  { zone = 'UTC' }: { zone?: string } = {},
): Promise<{ policyId: string; officeId: string; alwaysId: string }> {
  const alwaysId = await createCalendar(tx, {
    name: 'Around the clock',
    zone,
    weekly: [],
    holidays: [],
    always: true,
  })
  const officeId = await createCalendar(tx, {
    name: 'Office hours',
    zone,
    weekly: [1, 2, 3, 4, 5].map((day) => ({ day, from: '09:00', to: '17:30' })),
    holidays: [],
    always: false,
  })
  const target = (response_ms: number, resolution_ms: number, calendar_id: string | null = null) => ({
    response_ms,
    resolution_ms,
    calendar_id,
  })
  const policyId = await createPolicy(tx, {
    name: 'Standard',
    position: 100,
    kinds: ['incident', 'request'],
    serviceIds: [],
    calendarId: officeId,
    targets: {
      P1: target(15 * MINUTE, 4 * HOUR, alwaysId),
      P2: target(30 * MINUTE, 8 * HOUR, alwaysId),
      P3: target(4 * HOUR, 3 * BUSINESS_DAY),
      P4: target(BUSINESS_DAY, 5 * BUSINESS_DAY),
      P5: target(2 * BUSINESS_DAY, 10 * BUSINESS_DAY),
    },
  })
  return { policyId, officeId, alwaysId }
}
