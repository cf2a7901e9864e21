/** Working hours, as the desk's calendars hold them. */
export interface Hours {
  zone: string
  weekly: { day: number; from: string; to: string }[]
  holidays: { date: string; name: string }[]
  always: boolean
}

export interface HistoryRow {
  at: Date
  state: string
  pending_reason: string | null
  priority: Priority
}

export type Priority = 'P1' | 'P2' | 'P3' | 'P4' | 'P5'

export interface Rotation {
  name: string
  every: 'day' | 'week'
  length: number
  starts_on: string
  handoff: string
  people: string[]
}

/**
 * The desk's own pure rules, handed in by who loads the demo because db stands below desk: clocks, shifts and
 * keys of the invented history are decided by the very code that decides the real ones.
 */
export interface DeskRules {
  addWorking: (hours: Hours, from: Date, ms: number) => Date
  decideClock: (
    facts: {
      target: 'response' | 'resolution'
      targetMs: number
      hours: Hours
      answeredAt: Date | null
      breachedAt: null
      marks: never[]
    },
    history: HistoryRow[],
    now: Date,
  ) => {
    state: string
    elapsedMs: number
    dueAt: Date | null
    stoppedAt: Date | null
    breachedAt: Date | null
    marks: { percent: number; due_at: Date | null }[]
  }
  whoIsOn: (
    versions: {
      id: string
      scheduleId: string
      version: number
      effectiveFrom: Date
      zone: string
      rotations: Rotation[]
    }[],
    overrides: never[],
    at: Date,
  ) => { personId: string; why: object } | undefined
  hashPassword: (password: string) => Promise<string>
  mintKey: () => { key: string; hash: Buffer; hint: string }
}
