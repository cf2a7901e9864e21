import { createHash } from 'node:crypto'
import { DeskError, type Reader, type Tx } from '@tocsin/desk'

/**
 * Runs a creation once per (caller, Idempotency-Key): a repetition answers what the first one answered, and
 * waits for it when both come at the same moment. The same key with another body is refused.
 */
export async function once<T>(
  tx: Tx,
  reader: Reader,
  key: string | undefined,
  input: unknown,
  create: () => Promise<T>,
): Promise<T> {
  if (key === undefined) return create()
  if (key.length < 1 || key.length > 255)
    throw new DeskError('invalid', 'An Idempotency-Key has 1 to 255 characters.')
  const hash = createHash('sha256').update(JSON.stringify(input)).digest()
  const taken = await tx.db
    .insertInto('idempotency')
    .values({ actor_id: reader.person.id, key, request_hash: hash, created_at: tx.now })
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst()
  if (taken.numInsertedOrUpdatedRows === 0n) {
    const earlier = await tx.db
      .selectFrom('idempotency')
      .select(['request_hash', 'response'])
      .where('actor_id', '=', reader.person.id)
      .where('key', '=', key)
      .executeTakeFirstOrThrow()
    if (!earlier.request_hash.equals(hash))
      throw new DeskError('conflict', 'This Idempotency-Key was used with another body.')
    return earlier.response as T
  }
  const response = await create()
  await tx.db
    .updateTable('idempotency')
    .set({ response: JSON.stringify(response), status: 201 })
    .where('actor_id', '=', reader.person.id)
    .where('key', '=', key)
    .execute()
  return response
}
