import { found, record, type Tx } from '../activity/index.ts'
import { seal, unseal } from '../auth/index.ts'

/** What an integration's sender signs with, newest first: two while one replaces the other. */
export const readSecrets = (master: string, sealed: Buffer): string[] =>
  JSON.parse(unseal(master, sealed)) as string[]

/**
 * Sets what the sender of this integration signs with; from then on a body without its proof is refused.
 * `keep` lets the present one go on beside the new one. null: the sender does not sign.
 */
export async function setSenderSecret(
  tx: Tx,
  master: string,
  { id, secret, keep }: { id: string; secret: string | null; keep: boolean },
): Promise<void> {
  const before = found(
    await tx.db
      .selectFrom('integration')
      .select('secret_encrypted')
      .where('id', '=', id)
      .where('archived_at', 'is', null)
      .forUpdate()
      .executeTakeFirst(),
    'integration',
  )
  const present =
    keep && before.secret_encrypted ? readSecrets(master, before.secret_encrypted).slice(0, 1) : []
  const secrets = secret === null ? [] : [secret, ...present]
  await tx.db
    .updateTable('integration')
    .set({ secret_encrypted: secrets.length === 0 ? null : seal(master, JSON.stringify(secrets)) })
    .where('id', '=', id)
    .execute()
  await record(tx, [
    {
      verb: 'edit',
      subject: { kind: 'integration', id },
      before: { signs: before.secret_encrypted !== null },
      after: { signs: secrets.length > 0, secrets: secrets.length },
      visibility: 'audit',
    },
  ])
}
