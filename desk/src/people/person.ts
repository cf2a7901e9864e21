import { DeskError, found, record, type Tx } from '../activity/index.ts'
import { demandAnotherAdministrator } from './team.ts'
import { demandOrganisation } from './organisation.ts'

export interface PersonInput {
  name: string
  email?: string | null
  locale?: 'en' | 'fr' | 'it'
  zone?: string
  organisationId?: string | null
  /** Told of mentions by mail too. */
  mentionMails?: boolean
}

/** Creates a person, who may exist without a sign-in. `conflict` when the e-mail address is taken. */
export async function createPerson(tx: Tx, input: PersonInput): Promise<string> {
  if (input.organisationId) await demandOrganisation(tx, input.organisationId)
  const row = await tx.db
    .insertInto('person')
    .values({
      name: input.name,
      email: input.email?.trim() || null,
      locale: input.locale ?? 'en',
      zone: checkZone(input.zone ?? 'UTC'),
      organisation_id: input.organisationId ?? null,
      ...(input.mentionMails !== undefined && { mention_mails: input.mentionMails }),
      created_at: tx.now,
    })
    .onConflict((conflict) => conflict.doNothing())
    .returning('id')
    .executeTakeFirst()
  if (!row) throw new DeskError('conflict', 'Somebody already has this e-mail address.')
  await record(tx, [{ verb: 'create', subject: { kind: 'person', id: row.id }, visibility: 'audit' }])
  return row.id
}

/**
 * Changes what is given; the rest stays. Answers the organisation that they have left, where they belong to another
 * now: what is promised to them may be another thing there.
 */
export async function editPerson(
  tx: Tx,
  id: string,
  input: Partial<PersonInput>,
): Promise<{ left: string | null } | undefined> {
  const changes = {
    ...(input.name !== undefined && { name: input.name }),
    ...(input.email !== undefined && { email: input.email?.trim() || null }),
    ...(input.locale !== undefined && { locale: input.locale }),
    ...(input.zone !== undefined && { zone: checkZone(input.zone) }),
    ...(input.organisationId !== undefined && { organisation_id: input.organisationId }),
    ...(input.mentionMails !== undefined && { mention_mails: input.mentionMails }),
  }
  if (Object.keys(changes).length === 0) return undefined
  if (input.organisationId) await demandOrganisation(tx, input.organisationId)
  const before = await tx.db
    .selectFrom('person')
    .select('organisation_id')
    .where('id', '=', id)
    .forNoKeyUpdate()
    .executeTakeFirst()
  const taken =
    changes.email &&
    (await tx.db
      .selectFrom('person')
      .select('id')
      .where((eb) => eb(eb.fn('lower', ['email']), '=', changes.email!.toLowerCase()))
      .where('id', '!=', id)
      .executeTakeFirst())
  if (taken) throw new DeskError('conflict', 'Somebody already has this e-mail address.')
  const row = await tx.db
    .updateTable('person')
    .set((eb) => ({ ...changes, revision: eb('revision', '+', 1) }))
    .where('id', '=', id)
    .where('archived_at', 'is', null)
    .returning(['id', 'auth_user_id', 'email', 'name'])
    .executeTakeFirst()
  const person = found(row, 'person')
  if (person.auth_user_id && person.email)
    await tx.db
      .updateTable('auth_user')
      .set({ email: person.email.toLowerCase(), name: person.name, updatedAt: tx.now })
      .where('id', '=', person.auth_user_id)
      .execute()
  await record(tx, [
    {
      verb: 'edit',
      subject: { kind: 'person', id },
      after: { fields: Object.keys(changes) },
      visibility: 'audit',
    },
  ])
  const left = before?.organisation_id ?? null
  return input.organisationId !== undefined && input.organisationId !== left ? { left } : undefined
}

/** Archives a person and ends their sessions. Their tickets and record stay; so does the last administrator. */
export async function archivePerson(tx: Tx, id: string): Promise<void> {
  await demandAnotherAdministrator(tx, id)
  const row = await tx.db
    .updateTable('person')
    .set({ archived_at: tx.now })
    .where('id', '=', id)
    .where('archived_at', 'is', null)
    .returning('auth_user_id')
    .executeTakeFirst()
  const person = found(row, 'person')
  if (person.auth_user_id)
    await tx.db.deleteFrom('auth_session').where('userId', '=', person.auth_user_id).execute()
  await record(tx, [{ verb: 'archive', subject: { kind: 'person', id }, visibility: 'audit' }])
}

function checkZone(zone: string): string {
  if (Intl.supportedValuesOf('timeZone').includes(zone) || zone === 'UTC') return zone
  throw new DeskError('invalid', `“${zone.slice(0, 60)}” is not a time zone.`, {
    errors: [{ path: 'zone', message: 'an IANA time zone, such as Europe/Rome' }],
  })
}
