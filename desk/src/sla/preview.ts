import type { Priority } from '@tocsin/db'
import type { Hours } from '../calendar/index.ts'
import { addWorking } from '../calendar/index.ts'
import { checkTargets } from './check.ts'
import type { Targets } from './policies.ts'

export interface DuePreview {
  priority: Priority
  response_due_at: Date | null
  resolution_due_at: Date | null
}

/** When a ticket opened at `at` would be due at each priority, by terms that need not be saved, but could be. */
export function previewDue(
  targets: Targets,
  hoursOf: (calendarId: string | null) => Hours,
  at: Date,
): DuePreview[] {
  checkTargets(targets)
  return (['P1', 'P2', 'P3', 'P4', 'P5'] as const).flatMap((priority) => {
    const target = targets[priority]
    if (!target) return []
    const hours = hoursOf(target.calendar_id ?? null)
    const due = (ms: number | null) => (ms === null ? null : addWorking(hours, at, ms))
    return [
      { priority, response_due_at: due(target.response_ms), resolution_due_at: due(target.resolution_ms) },
    ]
  })
}
