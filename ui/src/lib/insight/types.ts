export type Unit = 'tickets' | 'pages' | 'ms' | 'percent'

export interface KpiPoint {
  key: string
  /** What the key stands for, where it is an id. */
  label: string | null
  at: string | null
  n: number
  value: number | null
  /** The query of the ticket list that shows what is behind the point. */
  filter: Record<string, string> | null
  [beside: string]: unknown
}

export interface Kpi {
  name: string
  unit: Unit
  from: string
  to: string
  by: string
  tz: string
  n: number
  value: number | null
  as_of: string
  reconciled_at: string | null
  previous: { from: string; to: string; n: number; value: number | null } | null
  series: KpiPoint[]
  [beside: string]: unknown
}

export interface KpiDefinition {
  name: string
  title: string
  definition: string
}

/** A number that stands beside the value, such as `median`; null where there is none. */
export const beside = (figure: { [name: string]: unknown }, name: string): number | null => {
  const value = figure[name]
  return typeof value === 'number' ? value : null
}
