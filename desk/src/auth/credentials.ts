import type { Db } from '@tocsin/db'
import { betterAuth } from 'better-auth'
import { hashPassword } from 'better-auth/crypto'
import { randomUUID } from 'node:crypto'
import { DeskError, record, type Tx } from '../activity/index.ts'

export interface CredentialOptions {
  db: Db
  secret: string
  /** Where people reach the pages; decides whether cookies are Secure. */
  publicUrl: string
  trustedOrigins: string[]
}

const MIN_PASSWORD = 10
const MAX_PASSWORD = 128

/** Sign-in and sessions. better-auth owns these, never teams or roles; nobody signs themself up. */
export function createCredentials(options: CredentialOptions) {
  return betterAuth({
    appName: 'Tocsin',
    baseURL: options.publicUrl,
    basePath: '/api/auth',
    secret: options.secret,
    trustedOrigins: (request) => [...options.trustedOrigins, ...askedFor(request)],
    database: { db: options.db, type: 'postgres' },
    user: { modelName: 'auth_user' },
    session: { modelName: 'auth_session', expiresIn: 60 * 60 * 24 * 7, updateAge: 60 * 60 * 24 },
    account: { modelName: 'auth_account' },
    verification: { modelName: 'auth_verification' },
    emailAndPassword: {
      enabled: true,
      disableSignUp: true,
      minPasswordLength: MIN_PASSWORD,
      maxPasswordLength: MAX_PASSWORD,
    },
    rateLimit: {
      enabled: true,
      storage: 'database',
      modelName: 'auth_rate_limit',
      window: 60,
      max: 120,
      customRules: { '/sign-in/email': { window: 60, max: 10 } },
    },
    advanced: {
      cookiePrefix: 'tocsin',
      ipAddress: { ipAddressHeaders: ['x-tocsin-client-ip'] },
    },
    telemetry: { enabled: false },
    logger: { level: 'error' },
  })
}

/**
 * The name under which the browser reached us (localhost beside 127.0.0.1). A foreign page cannot set this
 * header without a preflight, which nothing here answers.
 */
function askedFor(request: Request | undefined): string[] {
  const host = request?.headers.get('x-forwarded-host')
  return host ? [`http://${host}`, `https://${host}`] : []
}

export type Credentials = ReturnType<typeof createCredentials>

/**
 * Gives a person a sign-in, in the caller's transaction. Their e-mail address is the name they sign in with.
 * `invalid` without an address or with a password that is too short; `conflict` when the address signs in already.
 */
export async function createSignIn(tx: Tx, personId: string, password: string): Promise<void> {
  if (password.length < MIN_PASSWORD || password.length > MAX_PASSWORD)
    throw new DeskError('invalid', `A password has ${MIN_PASSWORD} to ${MAX_PASSWORD} characters.`, {
      errors: [{ path: 'password', message: `${MIN_PASSWORD} to ${MAX_PASSWORD} characters` }],
    })
  const person = await tx.db
    .selectFrom('person')
    .select(['name', 'email', 'auth_user_id'])
    .where('id', '=', personId)
    .where('archived_at', 'is', null)
    .forUpdate()
    .executeTakeFirst()
  if (!person) throw new DeskError('not_found', 'There is no such person.')
  if (!person.email) throw new DeskError('invalid', 'A sign-in needs an e-mail address.')
  const hash = await hashPassword(password)
  if (person.auth_user_id) {
    await tx.db
      .updateTable('auth_account')
      .set({ password: hash, updatedAt: tx.now })
      .where('userId', '=', person.auth_user_id)
      .where('providerId', '=', 'credential')
      .execute()
    await endSessions(tx, person.auth_user_id)
  } else {
    const id = randomUUID()
    const user = await tx.db
      .insertInto('auth_user')
      .values({ id, name: person.name, email: person.email.toLowerCase(), emailVerified: true })
      .onConflict((conflict) => conflict.column('email').doNothing())
      .executeTakeFirst()
    if (user.numInsertedOrUpdatedRows === 0n)
      throw new DeskError('conflict', 'Somebody already signs in with this e-mail address.')
    await tx.db
      .insertInto('auth_account')
      .values({
        id: randomUUID(),
        accountId: id,
        providerId: 'credential',
        userId: id,
        password: hash,
        updatedAt: tx.now,
      })
      .execute()
    await tx.db.updateTable('person').set({ auth_user_id: id }).where('id', '=', personId).execute()
  }
  await record(tx, [{ verb: 'set-sign-in', subject: { kind: 'person', id: personId }, visibility: 'audit' }])
}

/** Ends every session of a sign-in, so that a removed or demoted person is out at their next request. */
async function endSessions(tx: Tx, authUserId: string): Promise<void> {
  await tx.db.deleteFrom('auth_session').where('userId', '=', authUserId).execute()
}
