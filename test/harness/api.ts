import { randomBytes } from 'node:crypto'
import { createApp } from '@tocsin/api'
import type { Db } from '@tocsin/db'
import { createLog } from '@tocsin/db/process'
import {
  createApiKey,
  createCredentials,
  createPerson,
  createTeam,
  grantRole,
  SYSTEM,
  type TeamRole,
  transact,
} from '@tocsin/desk'
import { Registry } from 'prom-client'

export type TestApi = {
  /** Calls the door; a body is sent as JSON. */
  call: (
    key: string | undefined,
    method: string,
    path: string,
    body?: unknown,
    headers?: Record<string, string>,
  ) => Promise<Response>
  app: ReturnType<typeof createApp>
}

/** The people's and programs' door over this database, without a socket. */
export function testApi(
  db: Db,
  config: {
    analyticsUrl?: string
    databaseUrl?: string
    signal?: AbortSignal
    ingestInternalUrl?: string
    internalToken?: string
    secret?: string
    webhookAllow?: string[]
  } = {},
): TestApi {
  const secret = config.secret ?? randomBytes(32).toString('hex')
  const publicUrl = 'http://127.0.0.1:3000'
  const app = createApp({
    db,
    credentials: createCredentials({ db, secret, publicUrl, trustedOrigins: [publicUrl] }),
    config: {
      databaseUrl: config.databaseUrl ?? '',
      secret,
      publicUrl,
      ingestUrl: 'http://127.0.0.1:3001',
      ingestInternalUrl: config.ingestInternalUrl ?? 'http://127.0.0.1:9',
      analyticsUrl: config.analyticsUrl ?? 'http://127.0.0.1:9',
      internalToken: config.internalToken ?? randomBytes(32).toString('hex'),
      localMail: true,
      webhookAllow: config.webhookAllow ?? ['127.0.0.0/8'],
      trustedProxies: ['127.0.0.1'],
    },
    log: createLog('api', 'silent'),
    registry: new Registry(),
    signal: config.signal ?? new AbortController().signal,
  })
  return {
    app,
    call: async (key, method, path, body, headers = {}) =>
      app.request(path, {
        method,
        headers: {
          ...(key && { authorization: `Bearer ${key}` }),
          ...(body !== undefined && { 'content-type': 'application/json' }),
          ...headers,
        },
        ...(body !== undefined && { body: JSON.stringify(body) }),
      }),
  }
}

export type Someone = { id: string; key: string; name: string }

/** A person with these roles and an API key of their own. `administrator` stands without a team. */
export async function someone(
  db: Db,
  roles: ({ role: TeamRole; teamId: string } | { role: 'administrator' })[] = [],
  name = `Person ${randomBytes(3).toString('hex')}`,
): Promise<Someone> {
  return transact(db, SYSTEM, async (tx) => {
    const id = await createPerson(tx, { name, email: `${randomBytes(6).toString('hex')}@example.test` })
    for (const role of roles) await grantRole(tx, { personId: id, ...role })
    const { key } = await createApiKey(tx, { ownerId: id, name: 'test' })
    return { id, key, name }
  })
}

export const aTeam = (db: Db, name = `Team ${randomBytes(3).toString('hex')}`): Promise<string> =>
  transact(db, SYSTEM, (tx) => createTeam(tx, { name }))
