import type { Ola, SlaPolicy } from '#lib/admin/policies.ts'
import type { Priority } from '#lib/api/types.ts'

const hour = 3_600_000
export const priorities: Priority[] = ['P1', 'P2', 'P3', 'P4', 'P5']

/** Promises as people type them: working hours, null for no promise; a calendar of its own, empty for the policy's. */
export type Hours = Record<
  Priority,
  { response: number | null; resolution: number | null; update: number | null; calendar: string }
>

// Ten minutes are 0.1667 hours: four places tell every second.
const rounded = (ms: number) => Number((ms / hour).toFixed(4))
const whole = (hours: number) => Math.round(hours * 3_600) * 1_000
const inHours = (ms: number | null | undefined) => (ms === null || ms === undefined ? null : rounded(ms))
const inMs = (hours: number | null) => (hours === null ? null : whole(hours))

export const hoursOf = (targets: SlaPolicy['targets']): Hours =>
  Object.fromEntries(
    priorities.map((priority) => [
      priority,
      {
        response: inHours(targets[priority]?.response_ms),
        resolution: inHours(targets[priority]?.resolution_ms),
        update: inHours(targets[priority]?.update_ms),
        calendar: targets[priority]?.calendar_id ?? '',
      },
    ]),
  ) as Hours

/** What the API takes. */
export const targetsOf = (hours: Hours): SlaPolicy['targets'] =>
  Object.fromEntries(
    priorities.flatMap((priority) => {
      const { calendar, ...promised } = hours[priority]
      if (Object.values(promised).every((value) => value === null)) return []
      return [
        [
          priority,
          {
            response_ms: inMs(promised.response),
            resolution_ms: inMs(promised.resolution),
            update_ms: inMs(promised.update),
            ...(calendar && { calendar_id: calendar }),
          },
        ],
      ]
    }),
  )

export interface OlaDraft {
  team_id: string
  /** Empty: the policy's. */
  calendar_id: string
  hours: Partial<Record<Priority, number | null>>
}

export const olaDraft = ({ team_id, calendar_id, targets_ms }: Ola): OlaDraft => ({
  team_id,
  calendar_id: calendar_id ?? '',
  hours: Object.fromEntries(Object.entries(targets_ms).map(([priority, ms]) => [priority, rounded(ms)])),
})

export const olaOf = ({ team_id, calendar_id, hours }: OlaDraft): Ola => ({
  team_id,
  calendar_id: calendar_id || null,
  targets_ms: Object.fromEntries(
    Object.entries(hours).flatMap(([priority, value]) =>
      value === null || value === undefined ? [] : [[priority, whole(value)]],
    ),
  ),
})
