import { Mapping } from '../mapping.ts'
import { jira } from './jira.ts'
import { servicenow } from './servicenow.ts'

/** Mappings for the exports of other desks, to be used as they are or to begin with. */
export const READY_MAPPINGS: Record<string, Mapping> = {
  servicenow: Mapping.parse(servicenow),
  jira: Mapping.parse(jira),
}

/** The ready mapping whose number, opening and state stand in the header; undefined where none fits. */
export function suggestMapping(columns: string[]): string | undefined {
  const names = new Set(columns.map((name) => name.trim().toLowerCase()))
  const has = (source: unknown): boolean =>
    [source].flat().some((one) => typeof one === 'string' && names.has(one.toLowerCase()))
  return Object.entries(READY_MAPPINGS).find(
    ([, { number, created_at, state }]) => has(number) && has(created_at) && has(state?.from),
  )?.[0]
}
