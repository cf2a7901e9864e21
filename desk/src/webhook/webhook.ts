import type { Tables } from '@tocsin/db'
import { sql, type Transaction } from 'kysely'
import { z } from 'zod'
import { DeskError, type FieldError, found, lastPlace, record, type Tx } from '../activity/index.ts'
import { seal } from '../auth/index.ts'
import { WrongExpression } from '../expression/index.ts'
import { compileTrigger, TRIGGER_VERBS } from '../trigger/index.ts'
import { mintSecret } from './sign.ts'

export const WebhookTerms = z.strictObject({
  name: z.string().trim().min(1).max(120),
  url: z.string().trim().min(1).max(2_000),
  /** What happened; none: everything. */
  verbs: z.array(z.enum(TRIGGER_VERBS)).max(TRIGGER_VERBS.length),
  kinds: z.array(z.enum(['incident', 'request', 'problem', 'change'])).max(4),
  team_ids: z.array(z.uuid()).max(100),
  /** CEL over the ticket and the line; empty: always. */
  condition: z.string().max(2_000),
  notes: z.boolean(),
  confidential: z.boolean(),
})
export type WebhookTerms = z.infer<typeof WebhookTerms>

const MOST = 100
/** How long an old secret signs beside the new one. */
const OVERLAP_HOURS = 24

/** Creates a webhook, on from now. The secret is answered here and never again. */
export async function createWebhook(
  tx: Tx,
  terms: WebhookTerms,
  master: string,
): Promise<{ id: string; secret: string }> {
  await check(tx.db, terms)
  const { rows: held } = await sql<{ count: number }>`
    select count(*) as count from webhook where archived_at is null`.execute(tx.db)
  if (held[0]!.count >= MOST) throw new DeskError('conflict', `${MOST} webhooks are enough.`)
  const secret = mintSecret()
  const author = tx.actor.kind === 'person' ? tx.actor.id : null
  const { id } = await tx.db
    .insertInto('webhook')
    .values({
      ...terms,
      secret_encrypted: seal(master, secret),
      from_place: await lastPlace(tx.db),
      author_id: author,
      created_at: tx.now,
    })
    .returning('id')
    .executeTakeFirstOrThrow()
  await say(tx, 'create', id, undefined, onRecord(terms))
  return { id, secret }
}

/** Changes what is asked for; `stale` where somebody else changed it since it was seen. */
export async function editWebhook(
  tx: Tx,
  id: string,
  { seen, ...change }: Partial<WebhookTerms> & { seen?: number },
): Promise<void> {
  const before = await lock(tx, id)
  if (seen !== undefined && seen !== before.revision)
    throw new DeskError(
      'stale',
      'Somebody changed this webhook meanwhile. Look at it again before you save.',
      {
        current: onRecord(before),
      },
    )
  const after = { ...before, ...change }
  await check(tx.db, after)
  if (JSON.stringify(before) === JSON.stringify(after)) return
  await tx.db
    .updateTable('webhook')
    .set({ ...change, revision: before.revision + 1, ...(change.url && { wait_until: null }) })
    .where('id', '=', id)
    .execute()
  await say(tx, 'edit', id, onRecord(before), onRecord(after))
}

/**
 * Switches a webhook on or off. Off, nothing is kept for it; what waits goes on once it is on again, and so does one
 * that the desk had stopped.
 */
export async function switchWebhook(tx: Tx, id: string, on: boolean): Promise<void> {
  const { state } = await lock(tx, id)
  const next = on ? 'on' : 'off'
  if (state === next) return
  // What happened while it was off is not told; what happened while it was stopped was kept as failed.
  const from = state === 'off' ? await lastPlace(tx.db) : undefined
  await tx.db
    .updateTable('webhook')
    .set({
      state: next,
      stopped_at: null,
      failed_in_a_row: 0,
      wait_until: null,
      ...(from !== undefined && { from_place: from }),
    })
    .where('id', '=', id)
    .execute()
  await say(tx, 'set', id, { state }, { state: next })
  if (on) await sql`select pg_notify('due', 'webhooks')`.execute(tx.db)
}

/** Gives it another secret, answered once. For a day both sign, so that the receiver can change over without a gap. */
export async function rotateSecret(
  tx: Tx,
  id: string,
  master: string,
): Promise<{ secret: string; old_until: Date }> {
  const { secret_encrypted } = await lock(tx, id)
  const secret = mintSecret()
  const until = new Date(tx.now.getTime() + OVERLAP_HOURS * 3_600_000)
  await tx.db
    .updateTable('webhook')
    .set({
      secret_encrypted: seal(master, secret),
      old_secret_encrypted: secret_encrypted,
      old_secret_until: until,
    })
    .where('id', '=', id)
    .execute()
  await say(tx, 'rotate', id, undefined, { old_until: until.toISOString() })
  return { secret, old_until: until }
}

/** Archives it: nothing leaves any more. Its log stays until its time is over. */
export async function archiveWebhook(tx: Tx, id: string): Promise<void> {
  await lock(tx, id)
  await tx.db.updateTable('webhook').set({ archived_at: tx.now, state: 'off' }).where('id', '=', id).execute()
  await say(tx, 'archive', id)
}

const lock = async (tx: Tx, id: string) =>
  found(
    await tx.db
      .selectFrom('webhook')
      .select(['name', 'url', 'verbs', 'kinds', 'team_ids', 'condition', 'notes', 'confidential'])
      .select(['state', 'secret_encrypted', 'revision'])
      .where('id', '=', id)
      .where('archived_at', 'is', null)
      .forUpdate()
      .executeTakeFirst(),
    'webhook',
  )

async function check(
  db: Transaction<Tables>,
  { url, condition, team_ids }: Pick<WebhookTerms, 'url' | 'condition' | 'team_ids'>,
): Promise<void> {
  const errors: FieldError[] = [...wrongAddress(url), ...wrongCondition(condition)]
  const { rows } = await sql<{ place: number }>`
    select g.place::int as place from unnest(${team_ids}::uuid[]) with ordinality as g(id, place)
    where not exists (select from team t where t.id = g.id and t.archived_at is null)`.execute(db)
  errors.push(
    ...rows.map(({ place }) => ({ path: `team_ids.${place - 1}`, message: 'there is no such team' })),
  )
  if (errors.length > 0) throw new DeskError('invalid', 'This webhook cannot be used as it is.', { errors })
}

function wrongAddress(given: string): FieldError[] {
  const url = URL.parse(given)
  const wrong = (message: string) => [{ path: 'url', message }]
  if (!url || !['http:', 'https:'].includes(url.protocol)) return wrong('is not an http or https address')
  if (url.username || url.password) return wrong('must not carry a name or a password')
  return []
}

function wrongCondition(condition: string): FieldError[] {
  if (condition === '') return []
  try {
    compileTrigger(condition, 'bool')
    return []
  } catch (error) {
    if (!(error instanceof WrongExpression)) throw error
    return [{ path: 'condition', message: error.message }]
  }
}

/** What of it goes on the record: an address may hold a key, and texts cannot be erased there. */
const onRecord = ({ verbs, kinds, team_ids, notes, confidential }: OnRecord): OnRecord => ({
  verbs,
  kinds,
  team_ids,
  notes,
  confidential,
})

interface OnRecord extends Record<string, unknown> {
  verbs: string[]
  kinds: string[]
  team_ids: string[]
  notes: boolean
  confidential: boolean
}

const say = (
  tx: Tx,
  verb: string,
  id: string,
  before?: Record<string, unknown>,
  after?: Record<string, unknown>,
) => record(tx, [{ verb, subject: { kind: 'webhook', id }, before, after, visibility: 'audit' }])
