import type { Db } from '@tocsin/db'
import { analyticsScope, type Reader } from '@tocsin/desk'

export const PAUSE_MS = 500

/** Whoever manages the same teams sees the same. */
export function scopeKey(reader: Reader, asked: object = {}): string {
  const { all, teams } = analyticsScope(reader)
  return `${all ? 'all' : teams.toSorted().join()}|${JSON.stringify(asked)}`
}

export async function teamNames(db: Db): Promise<Map<string, string>> {
  const rows = await db.selectFrom('team').select(['id', 'name']).execute()
  return new Map(rows.map(({ id, name }) => [id, name]))
}
