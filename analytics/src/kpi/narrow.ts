import { type RawBuilder, sql } from 'kysely'
import type { Columns } from './divide.ts'
import type { Filter, Question } from './kpi.ts'

const TYPES: Record<Filter, string> = {
  team: 'UUID',
  service: 'UUID',
  priority: 'String',
  kind: 'String',
  channel: 'String',
}

/** The parameters that every ClickHouse question may name. Nothing given is ever part of a query's text. */
export const paramsOf = ({ from, to, zone, filter, scope }: Question): Record<string, unknown> => ({
  from: instantParam(from),
  to: instantParam(to),
  zone,
  all: scope.all,
  teams: scope.teams,
  ...filter,
})

/** As a DateTime64(3, 'UTC') parameter is written; the client's own form of a Date drops zeros of the milliseconds. */
export const instantParam = (at: Date): string => at.toISOString().slice(0, 23).replace('T', ' ')

/** ClickHouse conditions: the reader's scope, and those filters that the source has a column for. */
export function narrowInStore(question: Question, columns: Columns): string {
  const team = columns.team
  const scope = `({all:Bool} or (${team} is not null and has({teams:Array(UUID)}, assumeNotNull(${team}))))`
  const kept = keptFilters(question, columns).map(([name, column]) => `${column} = {${name}:${TYPES[name]}}`)
  return [scope, ...kept].join(' and ')
}

/** The same in Postgres. */
export function narrowInRecord(question: Question, columns: Columns): RawBuilder<boolean> {
  const { all, teams } = question.scope
  const scope = sql<boolean>`(${all} or ${sql.raw(columns.team!)} = any(${teams}::uuid[]))`
  const kept = keptFilters(question, columns).map(
    ([name, column]) => sql<boolean>`${sql.raw(column)} = ${question.filter[name]}`,
  )
  return sql.join([scope, ...kept], sql` and `)
}

function keptFilters(question: Question, columns: Columns): [Filter, string][] {
  return Object.keys(question.filter).flatMap((name) => {
    const column = columns[name as Filter]
    return column ? [[name as Filter, column]] : []
  })
}
