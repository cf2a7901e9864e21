import type { Logger } from '@tocsin/db/process'
import type { Authenticate } from './authenticate.ts'
import type { DatabaseClock } from './database-clock.ts'
import type { Keeper } from './keep.ts'
import type { Outside } from './outside.ts'
import type { Turns } from './turns.ts'

/** What stands behind each address of the machines' door. */
export interface Door {
  authenticate: Authenticate
  admit: (integrationId: string, rate: number) => boolean
  turns: Turns
  /** Requests that are at the door now. */
  load: { requests: number }
  keyOfNamed: (
    integrationId: string,
    name: { by: 'id' | 'tiny'; value: string },
  ) => Promise<string | undefined>
  keeper: Keeper
  clock: DatabaseClock
  outside: Outside
  log: Logger
  observe: (labels: { system: string; status: number }, seconds: number) => void
  bodyDeadlineMs?: number
}
