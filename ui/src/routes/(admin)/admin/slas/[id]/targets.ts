import type { SlaPolicy } from '#lib/admin/policies.ts'
import type { Priority } from '#lib/api/types.ts'

const hour = 3_600_000
export const priorities: Priority[] = ['P1', 'P2', 'P3', 'P4', 'P5']

/** Promises as people type them: working hours, null for no promise. */
export type Hours = Record<Priority, { response: number | null; resolution: number | null }>

const inHours = (ms: number | null | undefined) => (ms === null || ms === undefined ? null : ms / hour)
const inMs = (hours: number | null) => (hours === null ? null : Math.round(hours * hour))

export const hoursOf = (targets: SlaPolicy['targets']): Hours =>
  Object.fromEntries(
    priorities.map((priority) => [
      priority,
      {
        response: inHours(targets[priority]?.response_ms),
        resolution: inHours(targets[priority]?.resolution_ms),
      },
    ]),
  ) as Hours

/** What the API takes; a priority's own calendar stays as it was. */
export const targetsOf = (hours: Hours, kept: SlaPolicy['targets']): SlaPolicy['targets'] =>
  Object.fromEntries(
    priorities
      .filter((priority) => hours[priority].response !== null || hours[priority].resolution !== null)
      .map((priority) => [
        priority,
        {
          response_ms: inMs(hours[priority].response),
          resolution_ms: inMs(hours[priority].resolution),
          ...(kept[priority]?.calendar_id && { calendar_id: kept[priority].calendar_id }),
        },
      ]),
  )
