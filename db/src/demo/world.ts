import type { Chance } from './chance.ts'
import type { DeskRules } from './desk-rules.ts'
import type { Load } from './load.ts'

export const MINUTE = 60_000
export const HOUR = 60 * MINUTE
export const DAY = 24 * HOUR

/** What every part of the demo is told: the dice, the clock, where rows go, and the desk's own rules. */
export interface World {
  chance: Chance
  load: Load
  rules: DeskRules
  /** The database's now: nothing in the demo happens later. */
  now: number
  /** When the company's history begins. */
  start: number
}
