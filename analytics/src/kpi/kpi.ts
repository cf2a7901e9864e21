import type { Tables } from '@tocsin/db'
import type { Transaction } from 'kysely'
import type { Db } from '@tocsin/db'
import type { Store } from '../store/store.ts'

export type Postgres = Db | Transaction<Tables>

export const TIMES = ['day', 'week', 'month'] as const
export const CYCLES = ['hour', 'weekday', 'hour_of_week'] as const
export const CATEGORIES = ['priority', 'team', 'service', 'kind', 'channel', 'source', 'category'] as const
export const DIMENSIONS = ['none', ...TIMES, ...CYCLES, ...CATEGORIES, 'symptom'] as const
export type Category = (typeof CATEGORIES)[number]
export type Dimension = (typeof DIMENSIONS)[number]

export const FILTERS = ['team', 'service', 'priority', 'kind', 'channel'] as const
export type Filter = (typeof FILTERS)[number]

/** What is asked of a KPI: a half-open period, how to divide it, what to keep, and whose rows may be seen. */
export interface Question {
  from: Date
  to: Date
  by: Dimension
  /** The reporting zone: days, weeks, months and hours are its. */
  zone: string
  filter: Partial<Record<Filter, string>>
  scope: { all: boolean; teams: string[] }
}

/** One figure: its value (null: nothing to say), the population behind it, and what stands beside it. */
export interface Figure {
  n: number
  value: number | null
  [beside: string]: number | string | null
}

export interface Figures {
  whole: Figure
  /** By key, in no order; times are the local date on which they begin. */
  series: Record<string, Figure>
}

/** Which instants of a ticket place it in a period: how a point of a chart finds its tickets again. */
export type Booking = 'created' | 'acknowledged' | 'resolved' | 'responded' | 'open' | 'none'

/** Words in each language of the pages. */
export type Told = Record<'en' | 'fr' | 'it', string>

export interface Kpi {
  name: string
  title: string
  /** One sentence: population, clock, unit, formula. Shown beside every figure. */
  definition: Told
  unit: 'tickets' | 'pages' | 'ms' | 'percent'
  /** The first is what `by` means when nothing is said. */
  dimensions: readonly Dimension[]
  filters: readonly Filter[]
  booking: Booking
  /** From the facts. */
  fromStore: (store: Store, question: Question) => Promise<Figures>
  /** The same from Postgres's own tables, for the reconciler. */
  fromRecord: (record: Postgres, question: Question) => Promise<Figures>
}
