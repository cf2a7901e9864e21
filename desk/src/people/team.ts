import { DeskError, found, record, type Tx } from '../activity/index.ts'

export type TeamRole = 'agent' | 'on_call' | 'manager'

export async function createTeam(tx: Tx, input: { name: string; email?: string | null }): Promise<string> {
  const row = await tx.db
    .insertInto('team')
    .values({ name: input.name, email: input.email ?? null, created_at: tx.now })
    .onConflict((conflict) => conflict.doNothing())
    .returning('id')
    .executeTakeFirst()
  if (!row) throw new DeskError('conflict', `A team named “${input.name}” exists already.`)
  await record(tx, [{ verb: 'create', subject: { kind: 'team', id: row.id }, visibility: 'audit' }])
  return row.id
}

export async function editTeam(
  tx: Tx,
  id: string,
  input: { name?: string; email?: string | null },
): Promise<void> {
  if (input.name !== undefined) {
    const namesake = await tx.db
      .selectFrom('team')
      .select('id')
      .where((eb) => eb(eb.fn('lower', ['name']), '=', input.name!.toLowerCase()))
      .where('archived_at', 'is', null)
      .where('id', '!=', id)
      .executeTakeFirst()
    if (namesake) throw new DeskError('conflict', `A team named “${input.name}” exists already.`)
  }
  const row = await tx.db
    .updateTable('team')
    .set((eb) => ({ ...input, revision: eb('revision', '+', 1) }))
    .where('id', '=', id)
    .where('archived_at', 'is', null)
    .returning('id')
    .executeTakeFirst()
  found(row, 'team')
  await record(tx, [
    {
      verb: 'edit',
      subject: { kind: 'team', id },
      after: { fields: Object.keys(input) },
      visibility: 'audit',
    },
  ])
}

/**
 * Those of these teams that are in use, held until the end of the transaction: whoever archives one meanwhile waits, and
 * whoever came before is seen. Ask it before anything is handed to them.
 */
export async function holdTeams(tx: Tx, asked: (string | null | undefined)[]): Promise<Set<string>> {
  const ids = [...new Set(asked.filter((id) => typeof id === 'string'))]
  if (ids.length === 0) return new Set()
  const rows = await tx.db
    .selectFrom('team')
    .select('id')
    .where('id', 'in', ids)
    .where('archived_at', 'is', null)
    .orderBy('id')
    .forKeyShare()
    .execute()
  return new Set(rows.map((row) => row.id))
}

/** A team that tickets can be handed to. */
export function demandTeam(held: ReadonlySet<string>, id: string): void {
  if (held.has(id)) return
  throw new DeskError('invalid', 'There is no such team to hand tickets to.', {
    errors: [{ path: 'team_id', message: 'is not a team in use' }],
  })
}

/** Archives a team that nothing open leans on. Whoever hands it a ticket in this moment comes before, or finds it gone. */
export async function archiveTeam(tx: Tx, id: string): Promise<void> {
  const held = await tx.db.selectFrom('team').select('id').where('id', '=', id).forUpdate().executeTakeFirst()
  found(held, 'team')
  const open = await tx.db
    .selectFrom('ticket')
    .select('number')
    .where('team_id', '=', id)
    .where('state', 'not in', ['resolved', 'closed', 'cancelled'])
    .limit(1)
    .executeTakeFirst()
  if (open)
    throw new DeskError(
      'conflict',
      `The team still has open tickets, ${open.number} among them. Move them first.`,
    )
  const row = await tx.db
    .updateTable('team')
    .set({ archived_at: tx.now })
    .where('id', '=', id)
    .where('archived_at', 'is', null)
    .returning('id')
    .executeTakeFirst()
  found(row, 'team')
  await record(tx, [{ verb: 'archive', subject: { kind: 'team', id }, visibility: 'audit' }])
}

/** Gives a role: within a team, or `administrator` with no team. Giving it twice changes nothing. */
export async function grantRole(
  tx: Tx,
  input: { personId: string; role: TeamRole; teamId: string } | { personId: string; role: 'administrator' },
): Promise<void> {
  const teamId = 'teamId' in input ? input.teamId : null
  const given = await tx.db
    .insertInto('role_grant')
    .values({ person_id: input.personId, role: input.role, team_id: teamId, created_at: tx.now })
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst()
  if (given.numInsertedOrUpdatedRows === 0n) return
  await record(tx, [
    {
      verb: 'grant-role',
      subject: { kind: 'person', id: input.personId },
      after: { role: input.role, team: teamId },
      visibility: 'audit',
    },
  ])
}

/** Takes a role away. The last administrator keeps theirs. */
export async function revokeRole(
  tx: Tx,
  input: { personId: string; role: TeamRole | 'administrator'; teamId: string | null },
): Promise<void> {
  if (input.role === 'administrator') await demandAnotherAdministrator(tx, input.personId)
  const taken = await tx.db
    .deleteFrom('role_grant')
    .where('person_id', '=', input.personId)
    .where('role', '=', input.role)
    .where('team_id', input.teamId === null ? 'is' : '=', input.teamId)
    .executeTakeFirst()
  if (taken.numDeletedRows === 0n) throw new DeskError('not_found', 'This role is not held.')
  await record(tx, [
    {
      verb: 'revoke-role',
      subject: { kind: 'person', id: input.personId },
      before: { role: input.role, team: input.teamId },
      visibility: 'audit',
    },
  ])
}

/** Somebody must be able to let others in. All administrators are held, so that of two who leave at once one stays. */
export async function demandAnotherAdministrator(tx: Tx, personId: string): Promise<void> {
  const administrators = await tx.db
    .selectFrom('role_grant as g')
    .innerJoin('person as p', 'p.id', 'g.person_id')
    .select('p.id')
    .where('g.role', '=', 'administrator')
    .where('p.archived_at', 'is', null)
    .orderBy('p.id')
    .forUpdate()
    .execute()
  if (administrators.length === 1 && administrators[0]!.id === personId)
    throw new DeskError('conflict', 'This is the last administrator. Make somebody else one first.')
}
