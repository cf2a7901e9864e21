import { sql } from 'kysely'
import { DeskError, found, record, type Tx } from '../activity/index.ts'
import { compileCoverage, type Window, WrongExpression } from './covers.ts'
import type { Coverage, MaintenanceInput } from './schema.ts'
import { type Span, spansOf } from './spans.ts'

/**
 * Plans a window, or silences from now on. It always ends, and says who wants it and why. A span that began in the
 * past begins now. Throws `invalid` for one that covers everything, never ends, or has ended.
 */
export async function createMaintenance(
  tx: Tx,
  input: MaintenanceInput & { author_name?: string },
): Promise<string> {
  checkCoverage(input)
  await demandNamed(tx, input)
  const { spans, until } = spansAhead(input, tx.now)
  const author = tx.actor.kind === 'person' ? tx.actor.id : null
  const { rows } = await sql<{ id: string }>`
    with made as (
      insert into maintenance (kind, reason, author_id, author_name, service_ids, ci_ids, matchers, condition,
        integration_id, starts_at, ends_at, zone, rrule, until, change_id, created_at)
      values (${input.kind}, ${input.reason}, ${author}, ${input.author_name ?? null},
        ${input.service_ids}::uuid[], ${input.ci_ids}::uuid[], ${JSON.stringify(input.matchers)}::jsonb,
        ${input.condition}, ${input.integration_id}, ${input.starts_at}, ${input.ends_at}, ${input.zone},
        ${input.rrule}, ${new Date(until)}, ${input.change_id}, ${tx.now})
      returning id
    ), spans as (
      insert into maintenance_span (maintenance_id, starts_at, ends_at)
      select made.id, to_timestamp(g."startsAt" / 1000.0), to_timestamp(g."endsAt" / 1000.0)
      from made, jsonb_to_recordset(${JSON.stringify(spans)}::jsonb) as g("startsAt" bigint, "endsAt" bigint)
    )
    select id from made`.execute(tx.db)
  const { id } = rows[0]!
  await record(tx, [
    {
      verb: 'create',
      subject: { kind: 'maintenance', id },
      after: { kind: input.kind, until: new Date(until).toISOString(), spans: spans.length },
      visibility: 'audit',
    },
  ])
  return id
}

/** Its spans, of which the last lies ahead. Throws `invalid`. */
export function spansAhead(
  input: Parameters<typeof spansOf>[0],
  now: Date,
): { spans: Span[]; until: number } {
  const spans = spansOf(input)
  const until = spans.at(-1)!.endsAt
  if (until <= now.getTime())
    throw new DeskError('invalid', 'The window has ended already.', {
      errors: [{ path: 'ends_at', message: 'it must lie ahead' }],
    })
  return { spans, until }
}

type Named = Pick<Coverage, 'service_ids' | 'ci_ids' | 'integration_id'>

/** What is named is there: a window over what there is not would keep nothing quiet, and nobody would know. */
export async function demandNamed(tx: Tx, { service_ids, ci_ids, integration_id }: Named): Promise<void> {
  const { rows } = await sql<{ path: string; message: string }>`
    select 'service_ids' as path, 'there is no service ' || g.id as message from unnest(${service_ids}::uuid[]) g(id)
    where not exists (select from service s where s.id = g.id)
    union all
    select 'ci_ids', 'there is no item ' || g.id from unnest(${ci_ids}::uuid[]) g(id)
    where not exists (select from configuration_item c where c.id = g.id)
    union all
    select 'integration_id', 'there is no such source' from (select ${integration_id}::uuid as id) g
    where g.id is not null and not exists (select from integration i where i.id = g.id)
    limit 20`.execute(tx.db)
  if (rows.length > 0) throw new DeskError('invalid', 'The window cannot be like this.', { errors: rows })
}

/** What only people's eyes and a compiler can check. Throws `invalid`. */
export function checkCoverage(input: Coverage): void {
  const { service_ids, ci_ids, matchers, condition, integration_id } = input
  const says = condition !== null && condition.trim() !== 'true'
  const named = service_ids.length + ci_ids.length + matchers.length > 0 || says || integration_id
  if (!named)
    throw new DeskError('invalid', 'It would silence everything.', {
      errors: [{ path: 'matchers', message: 'name a service, an item, a label, a condition or a source' }],
    })
  try {
    compileCoverage(input)
  } catch (error) {
    if (!(error instanceof WrongExpression)) throw error
    const path = condition ? 'condition' : 'matchers'
    throw new DeskError('invalid', 'The window cannot be like this.', {
      errors: [{ path, message: error.message }],
    })
  }
}

/** Ends it now, its present span too: what still fails is taken up at once. Again is no error. */
export async function cancelMaintenance(tx: Tx, id: string): Promise<void> {
  const { rows } = await sql<{ before: Date | null }>`
    with ended as (
      update maintenance set cancelled_at = coalesce(cancelled_at, ${tx.now}), revision = revision + 1,
        cancelled_by = coalesce(cancelled_by, ${tx.actor.kind === 'person' ? tx.actor.id : null}::uuid)
      where id = ${id} returning id, old.cancelled_at as before
    ), spans as (
      update maintenance_span s set ends_at = greatest(s.starts_at, ${tx.now}::timestamptz(3)),
        -- What never begins is not announced either.
        begun_at = case when s.starts_at > ${tx.now} then ${tx.now}::timestamptz(3) else s.begun_at end,
        ended_at = case when s.starts_at > ${tx.now} then ${tx.now}::timestamptz(3) else s.ended_at end
      from ended where s.maintenance_id = ended.id and s.ends_at > ${tx.now} and ended.before is null
    ) select before from ended`.execute(tx.db)
  if (found(rows[0], 'maintenance window').before) return
  await record(tx, [{ verb: 'cancel', subject: { kind: 'maintenance', id }, visibility: 'audit' }])
}

/**
 * The windows in force at an instant, the one that ends last first, as a part of a statement: every batch of events asks
 * for them, and must know by which snapshot they were read.
 */
export const windowsInForce = (now: Date) => sql<Window[]>`(
  select coalesce(jsonb_agg(jsonb_build_object(
      'id', m.id, 'revision', m.revision, 'service_ids', m.service_ids, 'ci_ids', m.ci_ids, 'matchers', m.matchers,
      'condition', m.condition, 'integration_id', m.integration_id, 'until', floor(extract(epoch from s.ends_at) * 1000)::int8)
    order by s.ends_at desc, m.id), '[]')
  from maintenance_span s join maintenance m on m.id = s.maintenance_id
  where s.ended_at is null and s.starts_at <= ${now} and s.ends_at > ${now} and m.cancelled_at is null)`
