import type { Db } from '@tocsin/db'
import { sql } from 'kysely'
import { DeskError, record, type Tx } from '../activity/index.ts'
import { loadReader, type Reader } from './reader.ts'
import { hashKey, mintKey } from './secret.ts'

/** Makes a key that acts as its owner. The key itself is answered here and never again. */
export async function createApiKey(
  tx: Tx,
  input: { ownerId: string; name: string; expiresAt?: Date | null },
): Promise<{ id: string; key: string; hint: string }> {
  const minted = mintKey('toc')
  const { id } = await tx.db
    .insertInto('api_key')
    .values({
      name: input.name,
      owner_id: input.ownerId,
      hash: minted.hash,
      hint: minted.hint,
      expires_at: input.expiresAt ?? null,
      created_at: tx.now,
    })
    .returning('id')
    .executeTakeFirstOrThrow()
  await record(tx, [
    {
      verb: 'create',
      subject: { kind: 'api_key', id },
      after: { owner: input.ownerId },
      visibility: 'audit',
    },
  ])
  return { id, key: minted.key, hint: minted.hint }
}

export async function revokeApiKey(tx: Tx, id: string, ownerId?: string): Promise<void> {
  const revoked = await tx.db
    .updateTable('api_key')
    .set({ revoked_at: tx.now })
    .where('id', '=', id)
    .where('revoked_at', 'is', null)
    .$if(ownerId !== undefined, (query) => query.where('owner_id', '=', ownerId!))
    .executeTakeFirst()
  if (revoked.numUpdatedRows === 0n) throw new DeskError('not_found', 'There is no such key.')
  await record(tx, [{ verb: 'revoke', subject: { kind: 'api_key', id }, visibility: 'audit' }])
}

/** The reader that a presented key stands for; undefined when it is unknown, revoked or expired. */
export async function readerOfKey(db: Db, key: string): Promise<Reader | undefined> {
  const { rows } = await sql<{ owner_id: string; stale: boolean }>`
    select owner_id, (last_used_at is null or last_used_at < tocsin_now() - interval '1 minute') as stale
    from api_key where hash = ${hashKey(key)} and revoked_at is null
      and (expires_at is null or expires_at > tocsin_now())`.execute(db)
  const row = rows[0]
  if (!row) return undefined
  if (row.stale)
    await sql`update api_key set last_used_at = tocsin_now() where hash = ${hashKey(key)}`.execute(db)
  return loadReader(db, { personId: row.owner_id })
}
