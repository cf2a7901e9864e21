import type { Db } from '@tocsin/db'
import { found, type Reader, scopeOf, teamsWith } from '@tocsin/desk'
import { type RawBuilder, sql } from 'kysely'

/** Integrations, over a table aliased `i`: everywhere, or those of the reader's teams and their services. */
export function integrationVisible(reader: Reader): RawBuilder<boolean> {
  if (scopeOf(reader, 'integration.read') === 'all') return sql<boolean>`true`
  const teams = teamsWith(reader, 'integration.read')
  return sql<boolean>`(i.team_id = any(${teams}::uuid[])
    or exists (select from service s where s.id = i.service_id and s.team_id = any(${teams}::uuid[])))`
}

/** Answers as for a missing row unless the reader may see the integration. */
export async function demandIntegration(
  db: Db,
  reader: Reader,
  id: string,
): Promise<{ system: string; settings: Record<string, unknown> }> {
  const { rows } = await sql<{ system: string; settings: Record<string, unknown> }>`
    select i.system, i.settings from integration i where i.id = ${id} and ${integrationVisible(reader)}`.execute(
    db,
  )
  return found(rows[0], 'integration')
}
