import type { Db } from '@tocsin/db'
import { sql } from 'kysely'
import { type Reader, ticketSupervised } from '../auth/index.ts'

export type StallCode = 'nobody' | 'overslept' | 'untouched' | 'waiting'

export interface Stalled {
  number: string
  title: string
  kind: string
  state: string
  pending_reason: string | null
  priority: string
  team: { id: string; name: string } | null
  assignee: { id: string; name: string } | null
  revision: number
  code: StallCode
  since: Date
  allowed_ms: number | null
  /** Like tickets that what is usual is read from; null: the team's own setting, or none is needed. */
  n: number | null
}

/** What has stalled, the most urgent first, for those who are asked to see to it. What was touched since is left out. */
export async function readStalled(
  db: Db,
  reader: Reader,
  { team, limit }: { team?: string; limit: number },
): Promise<{ as_of: Date; count: number; items: Stalled[] }> {
  const { rows } = await sql<{ as_of: Date; count: number; items: Stalled[] }>`
    with found as materialized (
      select s.*, t.number, t.title, t.kind, t.state, t.pending_reason, t.priority, t.team_id, t.assignee_id
      from stalled s join ticket t on t.id = s.ticket_id and t.revision = s.revision
      where t.state not in ('resolved', 'closed', 'cancelled') and ${ticketSupervised(reader)}
        and ${team ? sql`t.team_id = ${team}` : sql`true`}
    ), first as (select * from found order by priority, since, ticket_id limit ${limit})
    select tocsin_now() as as_of, (select count(*) from found) as count,
      coalesce((select jsonb_agg(jsonb_build_object('number', f.number, 'title', f.title, 'kind', f.kind, 'state', f.state,
          'pending_reason', f.pending_reason, 'priority', f.priority, 'revision', f.revision, 'code', f.code, 'since', f.since,
          'allowed_ms', f.allowed_ms, 'n', f.n,
          'team', case when m.id is not null then jsonb_build_object('id', m.id, 'name', m.name) end,
          'assignee', case when p.id is not null then jsonb_build_object('id', p.id, 'name', p.name) end)
          order by f.priority, f.since, f.ticket_id)
        from first f left join team m on m.id = f.team_id left join person p on p.id = f.assignee_id), '[]') as items`.execute(
    db,
  )
  const { items, ...found } = rows[0]!
  return { ...found, items: items.map((one) => ({ ...one, since: new Date(one.since) })) }
}
