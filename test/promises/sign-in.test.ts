import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { database, someone, type TestApi, testApi, type TestDatabase } from '../harness/index.ts'

let record: TestDatabase
let api: TestApi
beforeAll(async () => {
  record = await database()
  api = testApi(record.db)
})
afterAll(() => record.drop())

const first = {
  organisation: 'Acme',
  name: 'Ada',
  email: 'ada@example.test',
  password: 'a long enough password',
}
const signIn = (password: string) =>
  api.call(
    undefined,
    'POST',
    '/api/auth/sign-in/email',
    { email: first.email, password },
    { origin: 'http://127.0.0.1:3000' },
  )

describe('the first administrator', () => {
  it('is made once, however many ask at the same moment', async () => {
    const answers = await Promise.all(
      Array.from({ length: 4 }, () => api.call(undefined, 'POST', '/api/v1/setup', first)),
    )
    expect(answers.map((answer) => answer.status).toSorted((a, b) => a - b)).toEqual([201, 409, 409, 409])
    expect(await (await api.call(undefined, 'GET', '/api/v1/setup')).json()).toEqual({ needed: false })
  })

  it('signs in with the right password only, and is out after signing out', async () => {
    expect((await signIn('another password')).status).toBe(401)
    const answer = await signIn(first.password)
    expect(answer.status).toBe(200)
    const cookie = answer.headers
      .getSetCookie()
      .map((line) => line.split(';')[0])
      .join('; ')
    const me = await api.call(undefined, 'GET', '/api/v1/me', undefined, { cookie })
    expect(await me.json()).toMatchObject({ person: { name: 'Ada' }, administrator: true })
    await api.call(undefined, 'POST', '/api/auth/sign-out', {}, { cookie, origin: 'http://127.0.0.1:3000' })
    expect((await api.call(undefined, 'GET', '/api/v1/me', undefined, { cookie })).status).toBe(401)
  })

  it('cannot be signed up by anybody', async () => {
    const answer = await api.call(undefined, 'POST', '/api/auth/sign-up/email', {
      name: 'Eve',
      email: 'eve@example.test',
      password: 'a long enough password',
    })
    expect(answer.status).toBeGreaterThanOrEqual(400)
  })
})

describe('a key', () => {
  it('acts as its owner until it is revoked', async () => {
    const owner = await someone(record.db)
    const made = await api.call(owner.key, 'POST', '/api/v1/keys', { name: 'script' })
    const { id, key } = (await made.json()) as { id: string; key: string }
    expect(await (await api.call(key, 'GET', '/api/v1/me')).json()).toMatchObject({
      person: { id: owner.id },
    })
    await api.call(key, 'POST', `/api/v1/keys/${id}/revoke`)
    expect((await api.call(key, 'GET', '/api/v1/me')).status).toBe(401)
  })

  it('of somebody else is not there', async () => {
    const [owner, other] = [await someone(record.db), await someone(record.db)]
    const { id } = (await (await api.call(owner.key, 'POST', '/api/v1/keys', { name: 'mine' })).json()) as {
      id: string
    }
    expect((await api.call(other.key, 'POST', `/api/v1/keys/${id}/revoke`)).status).toBe(404)
  })
})

describe('the door', () => {
  it('names unknown and wrong fields', async () => {
    const admin = await someone(record.db, [{ role: 'administrator' }])
    const answer = await api.call(admin.key, 'POST', '/api/v1/teams', { name: '', role: 'administrator' })
    expect(answer.status).toBe(400)
    expect(
      ((await answer.json()) as { errors: { path: string }[] }).errors.map((error) => error.path).toSorted(),
    ).toEqual(['name', 'role'])
  })

  it('refuses a change that another site asks a browser for', async () => {
    for (const type of ['application/json', 'text/plain', 'application/x-www-form-urlencoded']) {
      const answer = await api.app.request('/api/v1/setup', {
        method: 'POST',
        body: '{}',
        headers: { origin: 'https://evil.example', 'content-type': type },
      })
      expect(answer.status).toBe(403)
    }
  })

  it('answers 413 before reading a body over the limit', async () => {
    const admin = await someone(record.db, [{ role: 'administrator' }])
    expect((await api.call(admin.key, 'POST', '/api/v1/teams', { name: 'x'.repeat(2 ** 20) })).status).toBe(
      413,
    )
  })
})

describe('guessing', () => {
  const guess = (from: string, claimed?: string) =>
    api.app.request(
      '/api/auth/sign-in/email',
      {
        method: 'POST',
        body: JSON.stringify({ email: first.email, password: 'a wrong guess' }),
        headers: {
          'content-type': 'application/json',
          origin: 'http://127.0.0.1:3000',
          'x-forwarded-for': from,
          ...(claimed && { 'x-tocsin-client-ip': claimed }),
        },
      },
      { incoming: { socket: { remoteAddress: '127.0.0.1' } } },
    )

  it('ends after ten tries a minute from one address, whatever the caller claims to be', async () => {
    const statuses: number[] = []
    for (let nth = 0; nth < 14; nth++) statuses.push((await guess('203.0.113.9', `198.51.100.${nth}`)).status)
    expect(statuses.slice(0, 10)).toEqual(Array(10).fill(401))
    expect(statuses.slice(10)).toEqual(Array(4).fill(429))
    expect((await guess('203.0.113.10')).status).toBe(401)
  })
})

describe('a page opened under another name', () => {
  it('signs in there, and a foreign site does not', async () => {
    const signInFrom = (origin: string) =>
      api.call(
        undefined,
        'POST',
        '/api/auth/sign-in/email',
        { email: first.email, password: first.password },
        { origin, 'x-forwarded-host': 'localhost:3000', cookie: 'any=1' },
      )
    expect((await signInFrom('http://localhost:3000')).status).toBe(200)
    expect((await signInFrom('http://evil.example')).status).toBe(403)
  })
})

describe('the documentation', () => {
  it('is served whole from here', async () => {
    const page = await api.call(undefined, 'GET', '/api/docs')
    expect(page.headers.get('content-security-policy')).toContain("default-src 'self'")
    const script = await api.call(undefined, 'GET', '/api/docs/reference.js')
    expect([script.status, script.headers.get('content-type')]).toEqual([200, 'text/javascript'])
    const document = (await (await api.call(undefined, 'GET', '/api/v1/openapi.json')).json()) as {
      openapi: string
      paths: Record<string, unknown>
    }
    expect(document.openapi).toBe('3.1.0')
    expect(Object.keys(document.paths)).toContain('/api/v1/tickets/{number}')
  })
})
