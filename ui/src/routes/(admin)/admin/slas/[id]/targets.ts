import type { Calendar, Ola, SlaPolicy } from '#lib/admin/policies.ts'
import type { Priority } from '#lib/api/types.ts'
import { m } from '#lib/paraglide/messages.js'
import { currentLocale } from '#lib/text/locale.ts'
import { readDuration, writtenDuration } from '#lib/time/written-duration.ts'

export const priorities: Priority[] = ['P1', 'P2', 'P3', 'P4', 'P5']

/** Promises as people write them, “4h”, empty for none; a calendar of its own, empty for the policy's. */
export type Promises = Record<
  Priority,
  { response: string; resolution: string; update: string; calendar: string }
>

const writtenBy = (calendars: readonly Calendar[], id: string | null | undefined) => {
  const days = calendars.find((one) => one.id === id)?.always ?? false
  return (ms: number | null | undefined) =>
    ms === null || ms === undefined ? '' : writtenDuration(ms, currentLocale(), days)
}
const isUnread = (text: string) => text.trim() !== '' && readDuration(text) === null

export const promisesOf = (
  { targets, calendar_id }: Pick<SlaPolicy, 'targets' | 'calendar_id'>,
  calendars: readonly Calendar[],
): Promises =>
  Object.fromEntries(
    priorities.map((priority) => {
      const target = targets[priority]
      const written = writtenBy(calendars, target?.calendar_id ?? calendar_id)
      return [
        priority,
        {
          response: written(target?.response_ms),
          resolution: written(target?.resolution_ms),
          update: written(target?.update_ms),
          calendar: target?.calendar_id ?? '',
        },
      ]
    }),
  ) as Promises

/** What the API takes. */
export const targetsOf = (promises: Promises): SlaPolicy['targets'] =>
  Object.fromEntries(
    priorities.flatMap((priority) => {
      const { calendar, response, resolution, update } = promises[priority]
      const target = {
        response_ms: readDuration(response),
        resolution_ms: readDuration(resolution),
        update_ms: readDuration(update),
      }
      if (Object.values(target).every((ms) => ms === null)) return []
      return [[priority, { ...target, ...(calendar && { calendar_id: calendar }) }]]
    }),
  )

/** What cannot be read, by the path under which the API would name it. */
export const unreadOf = (promises: Promises, olas: readonly OlaDraft[] = []): Record<string, string> =>
  Object.fromEntries(
    [
      ...priorities.flatMap((priority) =>
        (['response', 'resolution', 'update'] as const)
          .filter((side) => isUnread(promises[priority][side]))
          .map((side) => `targets.${priority}.${side}_ms`),
      ),
      ...olas.flatMap(({ promised }, index) =>
        priorities
          .filter((priority) => isUnread(promised[priority]))
          .map((priority) => `olas.${index}.targets_ms.${priority}`),
      ),
    ].map((path) => [path, m.sla_no_length()]),
  )

export interface OlaDraft {
  team_id: string
  /** Empty: the policy's. */
  calendar_id: string
  promised: Record<Priority, string>
}

export const newOla = (team_id: string): OlaDraft => ({
  team_id,
  calendar_id: '',
  promised: Object.fromEntries(priorities.map((priority) => [priority, ''])) as OlaDraft['promised'],
})

export function olaDraft(
  { team_id, calendar_id, targets_ms }: Ola,
  ofPolicy: string,
  calendars: readonly Calendar[],
): OlaDraft {
  const written = writtenBy(calendars, calendar_id ?? ofPolicy)
  const promised = priorities.map((priority) => [priority, written(targets_ms[priority])])
  return {
    team_id,
    calendar_id: calendar_id ?? '',
    promised: Object.fromEntries(promised) as OlaDraft['promised'],
  }
}

export const olaOf = ({ team_id, calendar_id, promised }: OlaDraft): Ola => ({
  team_id,
  calendar_id: calendar_id || null,
  targets_ms: Object.fromEntries(
    priorities.flatMap((priority) => {
      const ms = readDuration(promised[priority])
      return ms === null ? [] : [[priority, ms]]
    }),
  ),
})
