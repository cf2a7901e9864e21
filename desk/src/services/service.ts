import { DeskError, found, record, type Tx } from '../activity/index.ts'

/** A label that employees read: text by locale, English at least. */
export type Label = { en: string; fr?: string; it?: string }

export interface ServiceInput {
  key: string
  name: Label
  teamId?: string | null
  escalationPolicyId?: string | null
}

export async function createService(tx: Tx, input: ServiceInput): Promise<string> {
  const row = await tx.db
    .insertInto('service')
    .values({
      key: input.key,
      name: JSON.stringify(input.name),
      team_id: input.teamId ?? null,
      escalation_policy_id: input.escalationPolicyId ?? null,
      created_at: tx.now,
    })
    .onConflict((conflict) => conflict.column('key').doNothing())
    .returning('id')
    .executeTakeFirst()
  if (!row) throw new DeskError('conflict', `A service with the key “${input.key}” exists already.`)
  await record(tx, [{ verb: 'create', subject: { kind: 'service', id: row.id }, visibility: 'audit' }])
  return row.id
}

export async function editService(
  tx: Tx,
  id: string,
  input: Partial<Omit<ServiceInput, 'key'>>,
): Promise<void> {
  const changes = {
    ...(input.name && { name: JSON.stringify(input.name) }),
    ...(input.teamId !== undefined && { team_id: input.teamId }),
    ...(input.escalationPolicyId !== undefined && { escalation_policy_id: input.escalationPolicyId }),
  }
  const row = await tx.db
    .updateTable('service')
    .set((eb) => ({ ...changes, revision: eb('revision', '+', 1) }))
    .where('id', '=', id)
    .where('archived_at', 'is', null)
    .returning('id')
    .executeTakeFirst()
  found(row, 'service')
  await record(tx, [
    {
      verb: 'edit',
      subject: { kind: 'service', id },
      after: { team: input.teamId, escalation_policy: input.escalationPolicyId },
      visibility: 'audit',
    },
  ])
}

export async function archiveService(tx: Tx, id: string): Promise<void> {
  const row = await tx.db
    .updateTable('service')
    .set({ archived_at: tx.now })
    .where('id', '=', id)
    .where('archived_at', 'is', null)
    .returning('id')
    .executeTakeFirst()
  found(row, 'service')
  await record(tx, [{ verb: 'archive', subject: { kind: 'service', id }, visibility: 'audit' }])
}
