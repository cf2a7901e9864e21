/** Hands over every `length` days or weeks, at a wall time in the schedule's zone, down the list of people. */
export interface Rotation {
  name: string
  every: 'day' | 'week'
  length: number
  /** The date of the first handoff, in the schedule's zone: `2026-01-05`. */
  starts_on: string
  /** Wall time: `09:00`. */
  handoff: string
  people: string[]
}

/** One immutable edition of a schedule, in force from `effectiveFrom` until the next one's. */
export interface ScheduleVersion {
  id: string
  scheduleId: string
  version: number
  effectiveFrom: Date
  zone: string
  /** Layers: the last one that has begun and has people decides; those before it show through until then. */
  rotations: Rotation[]
}

/** Somebody steps in. Lies over every rotation; of two at the same time, the newer one counts. */
export interface Override {
  id: string
  scheduleId: string
  personId: string
  startsAt: Date
  /** Already cut short where it was cancelled on the way. */
  endsAt: Date
  createdAt: Date
}

/** Why it is this person: kept with the page, shown wherever the person is. */
export interface OnCallWhy {
  schedule_id: string
  version: number | null
  /** The deciding layer, its place in the list and its name; null for an override outside every rotation. */
  rotation: { index: number; name: string; position: number; turn: number } | null
  override_id: string | null
  /** Whom the override stands in for. */
  instead_of: string | null
}

export interface OnCall {
  personId: string
  why: OnCallWhy
}

export interface Shift extends OnCall {
  from: Date
  to: Date
}
