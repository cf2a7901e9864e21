import type { Db } from '@tocsin/db'
import { type RawBuilder, sql } from 'kysely'
import type { Tx } from '../activity/index.ts'

/**
 * What changed the promises: a version of a calendar or a policy, who is in a group, where a requester belongs, a tree
 * that was rearranged, or a person who asks. An import asks for the tickets that it brought.
 */
export interface RecomputationCause {
  kind:
    | 'calendar'
    | 'sla_policy'
    | 'person'
    | 'import'
    | 'people_group'
    | 'requester'
    | 'organisation'
    | 'category'
  id: string
  version?: number
}

/** Which open tickets alone may be promised something else, where not all. */
export type About =
  | {
      requester_ids: string[]
      /** Their tickets of this organisation go with them. */ moved_from?: string | null
    }
  | { organisation_ids: string[] }
  | { category_ids: string[] }

export interface Asked {
  cause: RecomputationCause
  about: About | null
}

/**
 * Asks for the clocks of open tickets to be computed again by what is promised at `dueAt`. It goes on in
 * the background, in shares that any engine takes up where another left it.
 */
export async function requestRecomputation(
  tx: Tx,
  cause: RecomputationCause,
  { dueAt, about }: { dueAt?: Date; about?: About } = {},
): Promise<string> {
  const { id } = await tx.db
    .insertInto('sla_recomputation')
    .values({
      cause: JSON.stringify(cause),
      about: about ? JSON.stringify(about) : null,
      author_id: tx.actor.kind === 'person' ? tx.actor.id : null,
      due_at: dueAt ?? tx.now,
      created_at: tx.now,
    })
    .returning('id')
    .executeTakeFirstOrThrow()
  await sql`select pg_notify('due', 'recomputations')`.execute(tx.db)
  return id
}

/** People came into a group or left it: their open tickets, where a policy asks for the group. */
export async function recomputeForGroup(tx: Tx, id: string, requesterIds: string[]): Promise<void> {
  if (requesterIds.length > 0 && (await isAsked(tx, sql`v.conditions -> 'group_ids' ? ${id}`)))
    await requestAbout(tx, { kind: 'people_group', id }, { requester_ids: requesterIds })
}

/** Somebody belongs to another organisation than the one they left: their open tickets go with them. */
export const recomputeForRequester = (tx: Tx, id: string, left: string | null): Promise<void> =>
  requestAbout(tx, { kind: 'requester', id }, { requester_ids: [id], moved_from: left })

/** These stand elsewhere in their tree: their open tickets, where a policy asks for any of it. */
export async function recomputeForTree(
  tx: Tx,
  kind: 'organisation' | 'category',
  id: string,
  moved: string[],
): Promise<void> {
  const condition = `${kind}_ids`
  const asked = sql`jsonb_array_length(coalesce(v.conditions -> ${condition}, '[]')) > 0`
  if (moved.length > 0 && (await isAsked(tx, asked)))
    await requestAbout(
      tx,
      { kind, id },
      kind === 'organisation' ? { organisation_ids: moved } : { category_ids: moved },
    )
}

/** Nothing is asked for where no open ticket is concerned. */
async function requestAbout(tx: Tx, cause: RecomputationCause, about: About): Promise<void> {
  const { rows } = await sql`select from ticket where ${concerned({ cause, about })} limit 1`.execute(tx.db)
  if (rows.length > 0) await requestRecomputation(tx, cause, { about })
}

/** Whether a policy in use asks so, in any version: one may hold later. */
async function isAsked(tx: Tx, condition: RawBuilder<unknown>): Promise<boolean> {
  const { rows } = await sql`
    select from sla_policy p join sla_policy_version v on v.policy_id = p.id
    where p.archived_at is null and ${condition} limit 1`.execute(tx.db)
  return rows.length > 0
}

const isOpen = sql<boolean>`state not in ('resolved', 'closed', 'cancelled')`

function scopeOf({ cause, about }: Asked): RawBuilder<boolean> {
  if (cause.kind === 'import')
    return sql`id in (select ticket_id from import_item where import_id = ${cause.id})`
  if (!about) return sql`true`
  if ('requester_ids' in about) return sql`requester_id = any(${about.requester_ids}::uuid[])`
  return 'organisation_ids' in about
    ? sql`organisation_id = any(${about.organisation_ids}::uuid[])`
    : sql`category_id = any(${about.category_ids}::uuid[])`
}

/** Which tickets a recomputation is about, over a table named `ticket`. */
export const concerned = (asked: Asked): RawBuilder<boolean> => sql`${isOpen} and ${scopeOf(asked)}`

export interface Recomputation {
  id: string
  cause: RecomputationCause & { name: string | null }
  due_at: Date
  started_at: Date | null
  finished_at: Date | null
  total: number | null
  done: number
  changed: number
  author: { id: string; name: string } | null
}

const NAMED = {
  calendar: 'calendar',
  sla_policy: 'sla_policy',
  import: 'import',
  people_group: 'people_group',
  requester: 'person',
  organisation: 'organisation',
}

/** The latest recomputations, newest first, with how far each has come. */
export async function recentRecomputations(db: Db, locale: string, most = 20): Promise<Recomputation[]> {
  const names = Object.entries(NAMED).map(
    ([kind, table]) =>
      sql`when ${sql.lit(kind)} then (select name from ${sql.table(table)} where id = (r.cause ->> 'id')::uuid)`,
  )
  const { rows } = await sql<Recomputation>`
    select r.id, r.due_at, r.started_at, r.finished_at, r.total, r.done, r.changed,
           r.cause || jsonb_build_object('name', case r.cause ->> 'kind' ${sql.join(names, sql` `)}
             when 'category' then (select coalesce(name ->> ${locale}, name ->> 'en', key) from category where id = (r.cause ->> 'id')::uuid)
             end) as cause,
           case when a.id is null then null else jsonb_build_object('id', a.id, 'name', a.name) end as author
    from sla_recomputation r left join person a on a.id = r.author_id
    order by r.created_at desc, r.id desc limit ${most}`.execute(db)
  return rows
}
