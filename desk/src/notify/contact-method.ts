import { randomBytes } from 'node:crypto'
import { sql } from 'kysely'
import { DeskError, found, record, type Tx } from '../activity/index.ts'
import { seal } from '../auth/index.ts'
import { isMailAddress } from './mail-address.ts'

export interface ContactInput {
  kind: 'email' | 'webhook' | 'app'
  address: string
  delayMs: number
}

const MOST_METHODS = 10
const LONGEST_DELAY_MS = 24 * 3_600_000

/**
 * Adds a way to reach a person. A webhook gets a secret, answered here and never again, under which what we
 * send is signed. `invalid` names the field that is wrong; `conflict` when it is there already.
 */
export async function addContactMethod(
  tx: Tx,
  personId: string,
  input: ContactInput,
  sealSecret: string,
): Promise<{ id: string; secret?: string }> {
  const address = checkContact(input)
  const secret = input.kind === 'webhook' ? `whsec_${randomBytes(32).toString('base64url')}` : undefined
  const { rows: held } = await sql<{ count: number }>`
    select count(*) as count from contact_method where person_id = ${personId} and archived_at is null`.execute(
    tx.db,
  )
  if (held[0]!.count >= MOST_METHODS)
    throw new DeskError('conflict', `${MOST_METHODS} ways to reach you are enough.`)
  const row = await tx.db
    .insertInto('contact_method')
    .values({
      person_id: personId,
      kind: input.kind,
      address,
      delay_ms: input.delayMs,
      secret_encrypted: secret ? seal(sealSecret, secret) : null,
      created_at: tx.now,
    })
    .onConflict((conflict) => conflict.doNothing())
    .returning('id')
    .executeTakeFirst()
  if (!row) throw new DeskError('conflict', 'You are reached there already.')
  await recordContact(tx, 'create', row.id, { kind: input.kind, delay_ms: input.delayMs, person: personId })
  return { id: row.id, ...(secret && { secret }) }
}

export async function editContactMethod(
  tx: Tx,
  personId: string,
  id: string,
  delayMs: number,
): Promise<void> {
  checkDelay(delayMs)
  const row = await tx.db
    .updateTable('contact_method')
    .set({ delay_ms: delayMs })
    .where('id', '=', id)
    .where('person_id', '=', personId)
    .where('archived_at', 'is', null)
    .returning('id')
    .executeTakeFirst()
  found(row, 'contact method')
  await recordContact(tx, 'edit', id, { delay_ms: delayMs })
}

/** Removes a way to reach a person, but never the last one. */
export async function removeContactMethod(tx: Tx, personId: string, id: string): Promise<void> {
  const held = await tx.db
    .selectFrom('contact_method')
    .select('id')
    .where('person_id', '=', personId)
    .where('archived_at', 'is', null)
    .orderBy('id')
    .forUpdate()
    .execute()
  found(
    held.find((method) => method.id === id),
    'contact method',
  )
  if (held.length === 1)
    throw new DeskError('conflict', 'This is the last way to reach you. Add another one first.')
  await tx.db.updateTable('contact_method').set({ archived_at: tx.now }).where('id', '=', id).execute()
  await recordContact(tx, 'archive', id, {})
}

function checkContact({ kind, address, delayMs }: ContactInput): string {
  checkDelay(delayMs)
  if (kind === 'app') return ''
  if (kind === 'email') {
    if (!isMailAddress(address)) throw wrong('address', 'is not an e-mail address')
    return address
  }
  const url = URL.parse(address)
  if (!url || !['http:', 'https:'].includes(url.protocol))
    throw wrong('address', 'is not an http or https address')
  if (url.username || url.password) throw wrong('address', 'must not carry a name or a password')
  return url.href
}

function checkDelay(delayMs: number): void {
  if (!Number.isInteger(delayMs) || delayMs < 0 || delayMs > LONGEST_DELAY_MS)
    throw wrong('delay_ms', 'is 0 to 24 hours')
}

const wrong = (path: string, message: string) =>
  new DeskError('invalid', 'Nobody can be reached like this.', { errors: [{ path, message }] })

const recordContact = (tx: Tx, verb: string, id: string, after: Record<string, unknown>) =>
  record(tx, [{ verb, subject: { kind: 'contact_method', id }, after, visibility: 'audit' }])
