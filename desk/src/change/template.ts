import { sql } from 'kysely'
import { DeskError, type Tx } from '../activity/index.ts'
import { changeTicket, lockTicket } from '../ticket/index.ts'

const MOST = 200
// Without these it could not be carried out a second time.
const PLANNED = ['risk', 'implementation_plan', 'backout_plan'] as const

/** Others are planned after this standard change, under a name. What it is called already is renamed. */
export async function keepTemplate(given: Tx, input: { id: string; name: string }): Promise<void> {
  const { ticket, tx } = await lockTicket(given, input.id)
  const plan = await tx.db
    .selectFrom('change_plan')
    .select(['type', ...PLANNED])
    .where('ticket_id', '=', ticket.id)
    .executeTakeFirst()
  if (plan?.type !== 'standard')
    throw new DeskError('conflict', 'Only a standard change is a template: it is approved once and for all.')
  const missing = PLANNED.filter((name) => !plan[name])
  if (missing.length > 0)
    throw new DeskError('invalid', 'Plan it first.', {
      errors: missing.map((name) => ({ path: `change.${name}`, message: 'is required' })),
    })
  await sql`select pg_advisory_xact_lock(hashtext('change_template'))`.execute(tx.db)
  const { rows } = await sql<{ count: number; taken: boolean }>`
    select count(*)::int as count, coalesce(bool_or(lower(name) = lower(${input.name})), false) as taken
    from change_template where archived_at is null and ticket_id <> ${ticket.id}`.execute(tx.db)
  const { count, taken } = rows[0]!
  if (taken) throw new DeskError('conflict', `A template is called “${input.name}” already.`)
  if (count >= MOST) throw new DeskError('conflict', `There are ${MOST} templates: take some away first.`)
  const kept = await sql`
    insert into change_template as c (ticket_id, name, kept_by, kept_at)
    values (${ticket.id}, ${input.name}, ${tx.actor.kind === 'person' ? tx.actor.id : null}, ${tx.now})
    on conflict (ticket_id) do update set name = excluded.name, archived_at = null
      where c.name <> excluded.name or c.archived_at is not null`.execute(tx.db)
  if (kept.numAffectedRows === 1n) await changeTicket(tx, ticket, { verb: 'keep-template', set: {} })
}

/** Nothing is planned after it any more. */
export async function dropTemplate(given: Tx, input: { id: string }): Promise<void> {
  const { ticket, tx } = await lockTicket(given, input.id)
  const dropped = await tx.db
    .updateTable('change_template')
    .set({ archived_at: tx.now })
    .where('ticket_id', '=', ticket.id)
    .where('archived_at', 'is', null)
    .executeTakeFirst()
  if (dropped.numUpdatedRows === 0n) throw new DeskError('conflict', 'This is no template.')
  await changeTicket(tx, ticket, { verb: 'drop-template', set: {} })
}
