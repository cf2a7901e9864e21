import { CATEGORIES, type Dimension, type Kpi, type Question, TIMES } from '../kpi/index.ts'

const DAY_MS = 86_400_000

/**
 * The questions that both engines are asked of each KPI: recent days in detail, two years coarsely, the last
 * quarter by category, by hour of day and week where that is told, and through the eyes of somebody who sees one team.
 */
export function planQuestions(kpi: Kpi, now: Date, zone: string, team: string | undefined): Question[] {
  const ago = (days: number) => new Date(now.getTime() - days * DAY_MS)
  const everyone = { all: true, teams: [] }
  const ask = (from: Date, by: Dimension, rest: Partial<Question> = {}): Question => ({
    from,
    to: now,
    by,
    zone,
    filter: {},
    scope: everyone,
    ...rest,
  })
  const of = (wanted: readonly Dimension[]) => wanted.filter((by) => kpi.dimensions.includes(by))
  const [usual] = kpi.dimensions
  return [
    ...of(['day', 'symptom']).map((by) => ask(ago(30), by)),
    ...of([TIMES[2]]).map((by) => ask(ago(730), by)),
    ...of(CATEGORIES.slice(0, 3)).map((by) => ask(ago(90), by)),
    ...of(['hour', 'hour_of_week']).map((by) => ask(ago(90), by)),
    ...(team ? [ask(ago(365), usual!, { scope: { all: false, teams: [team] } })] : []),
  ]
}
