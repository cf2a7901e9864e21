import { DeskError, found, record, type Tx } from '../activity/index.ts'
import { mintKey } from '../auth/index.ts'
import type { System } from './systems.ts'

export interface IntegrationInput {
  system: System
  name: string
  serviceId?: string | null
  teamId?: string | null
  escalationPolicyId?: string | null
}

export interface MintedKey {
  id: string
  /** Shown once, here. */
  key: string
  hint: string
}

/** Adds a source with its first key. */
export async function createIntegration(
  tx: Tx,
  input: IntegrationInput,
): Promise<{ id: string; key: MintedKey }> {
  const { id } = await tx.db
    .insertInto('integration')
    .values({
      system: input.system,
      name: input.name,
      service_id: input.serviceId ?? null,
      team_id: input.teamId ?? null,
      escalation_policy_id: input.escalationPolicyId ?? null,
      created_at: tx.now,
    })
    .returning('id')
    .executeTakeFirstOrThrow()
  await record(tx, [
    {
      verb: 'create',
      subject: { kind: 'integration', id },
      after: {
        system: input.system,
        service: input.serviceId,
        team: input.teamId,
        escalation_policy: input.escalationPolicyId,
      },
      visibility: 'audit',
    },
  ])
  return { id, key: await mintIntegrationKey(tx, id) }
}

export async function editIntegration(
  tx: Tx,
  id: string,
  input: Partial<Omit<IntegrationInput, 'system'>>,
): Promise<void> {
  const row = await tx.db
    .updateTable('integration')
    .set((eb) => ({
      ...(input.name !== undefined && { name: input.name }),
      ...(input.serviceId !== undefined && { service_id: input.serviceId }),
      ...(input.teamId !== undefined && { team_id: input.teamId }),
      ...(input.escalationPolicyId !== undefined && { escalation_policy_id: input.escalationPolicyId }),
      revision: eb('revision', '+', 1),
    }))
    .where('id', '=', id)
    .where('archived_at', 'is', null)
    .returning('id')
    .executeTakeFirst()
  found(row, 'integration')
  await record(tx, [
    {
      verb: 'edit',
      subject: { kind: 'integration', id },
      after: { service: input.serviceId, team: input.teamId, escalation_policy: input.escalationPolicyId },
      visibility: 'audit',
    },
  ])
}

/** Its keys stop at once; what it sent stays. */
export async function archiveIntegration(tx: Tx, id: string): Promise<void> {
  const row = await tx.db
    .updateTable('integration')
    .set({ archived_at: tx.now })
    .where('id', '=', id)
    .where('archived_at', 'is', null)
    .returning('id')
    .executeTakeFirst()
  found(row, 'integration')
  await record(tx, [{ verb: 'archive', subject: { kind: 'integration', id }, visibility: 'audit' }])
}

const LIVE_KEYS = 2

/** A further key beside the old one, so that senders can be changed one by one: two at most. */
export async function rotateIntegrationKey(tx: Tx, integrationId: string): Promise<MintedKey> {
  const integration = await tx.db
    .selectFrom('integration')
    .select('id')
    .where('id', '=', integrationId)
    .where('archived_at', 'is', null)
    .forUpdate()
    .executeTakeFirst()
  found(integration, 'integration')
  const { live } = await tx.db
    .selectFrom('integration_key')
    .select((eb) => eb.fn.countAll<number>().as('live'))
    .where('integration_id', '=', integrationId)
    .where('revoked_at', 'is', null)
    .executeTakeFirstOrThrow()
  if (live >= LIVE_KEYS)
    throw new DeskError(
      'conflict',
      'There are two keys already. Revoke the one that no sender uses any more.',
    )
  return mintIntegrationKey(tx, integrationId)
}

export async function revokeIntegrationKey(tx: Tx, integrationId: string, keyId: string): Promise<void> {
  const row = await tx.db
    .updateTable('integration_key')
    .set({ revoked_at: tx.now })
    .where('id', '=', keyId)
    .where('integration_id', '=', integrationId)
    .where('revoked_at', 'is', null)
    .returning('id')
    .executeTakeFirst()
  found(row, 'key')
  await record(tx, [
    {
      verb: 'revoke',
      subject: { kind: 'integration_key', id: keyId },
      before: { integration: integrationId },
      visibility: 'audit',
    },
  ])
}

async function mintIntegrationKey(tx: Tx, integrationId: string): Promise<MintedKey> {
  const minted = mintKey('toc')
  const { id } = await tx.db
    .insertInto('integration_key')
    .values({ integration_id: integrationId, hash: minted.hash, hint: minted.hint, created_at: tx.now })
    .returning('id')
    .executeTakeFirstOrThrow()
  await record(tx, [
    {
      verb: 'create',
      subject: { kind: 'integration_key', id },
      after: { integration: integrationId },
      visibility: 'audit',
    },
  ])
  return { id, key: minted.key, hint: minted.hint }
}
