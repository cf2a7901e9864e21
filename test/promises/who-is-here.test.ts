import { serveHttp } from '@tocsin/db/process'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  aTeam,
  database,
  setClockOffset,
  type Someone,
  someone,
  testApi,
  type TestDatabase,
  until,
} from '../harness/index.ts'

interface Here {
  person: { id: string; name: string }
  typing: string | null
}
interface Heard {
  number: string
  here: Here[]
}

let record: TestDatabase
let ada: Someone
let bob: Someone
let stranger: Someone
let employee: Someone
let team: string
/** Two replicas of the API. */
let desks: { url: string; stop: () => Promise<unknown> }[]

beforeAll(async () => {
  record = await database()
  team = await aTeam(record.db)
  ada = await someone(record.db, [{ role: 'agent', teamId: team }], 'Ada')
  bob = await someone(record.db, [{ role: 'on_call', teamId: team }], 'Bob')
  stranger = await someone(record.db, [{ role: 'agent', teamId: await aTeam(record.db) }])
  employee = await someone(record.db)
  desks = await Promise.all([serve(), serve()])
})
afterAll(async () => {
  await Promise.all(desks.map(({ stop }) => stop()))
  await record.drop()
})

async function serve() {
  const stopping = new AbortController()
  const { app } = testApi(record.db, { databaseUrl: record.url, signal: stopping.signal })
  const { url, close } = await serveHttp(app, '127.0.0.1', 0)
  const stop = () => {
    stopping.abort()
    return close()
  }
  return { url: `${url}/api/v1`, stop }
}
const call = async <T>(desk: number, by: Someone, method: string, path: string, body?: unknown) => {
  const answer = await fetch(`${desks[desk]!.url}${path}`, {
    method,
    headers: { authorization: `Bearer ${by.key}`, 'content-type': 'application/json' },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  })
  return { ...((await answer.json()) as T), code: answer.status }
}
const open = async () => {
  const ticket = { kind: 'request', title: 'x', team_id: team, requester_id: employee.id }
  return (await call<{ number: string }>(0, ada, 'POST', '/tickets', ticket)).number
}
const beat = async (by: Someone, number: string, typing: string | null = null, desk = 0) => {
  const answer = await call<{ items: Here[] }>(desk, by, 'POST', `/tickets/${number}/presence`, { typing })
  return { code: answer.code, others: answer.items?.map(said) }
}
const said = ({ person, typing }: Here) => `${person.name} ${typing ?? 'looks'}`
const leave = (by: Someone, number: string) => call(0, by, 'DELETE', `/tickets/${number}/presence`)
const versionOf = async (by: Someone) =>
  (
    await sql<{ at: string }>`select xmin::text || at as at from presence where person_id = ${by.id}`.execute(
      record.db,
    )
  ).rows

/** What one person's stream on a replica says of who is where. */
async function listen(desk: number, by: Someone) {
  const heard: Heard[] = []
  const abort = new AbortController()
  const answer = await fetch(`${desks[desk]!.url}/stream`, {
    signal: abort.signal,
    headers: { authorization: `Bearer ${by.key}` },
  })
  void (async () => {
    let text = ''
    for await (const chunk of answer.body!.pipeThrough(new TextDecoderStream())) {
      text += chunk
      const parts = text.split('\n\n')
      text = parts.pop()!
      for (const part of parts)
        if (part.includes('event: presence')) heard.push(JSON.parse(/^data: (.*)$/m.exec(part)![1]!) as Heard)
    }
  })().catch(() => undefined)
  return { heard, stop: () => abort.abort() }
}

describe('who is on a ticket', () => {
  it('sees the others and whether they write, at once, from any replica; nobody else hears of it', async () => {
    const number = await open()
    const [heard, apart] = await Promise.all([listen(1, ada), listen(1, stranger)])
    expect((await beat(ada, number)).others).toEqual([])
    // The replica's ear opens with its first stream: until it hears, one beats again.
    await until(async () => {
      await leave(bob, number)
      await beat(bob, number, 'note')
      return heard.heard.some((event) => event.number === number && event.here.map(said).includes('Bob note'))
    })
    expect((await beat(ada, number)).others).toEqual(['Bob note'])
    expect((await beat(bob, number, 'reply', 1)).others).toEqual(['Ada looks'])
    await until(() => heard.heard.at(-1)?.here.map(said).join() === 'Bob reply')
    await leave(bob, number)
    await until(() => heard.heard.at(-1)?.here.length === 0)
    expect(apart.heard).toEqual([])
    heard.stop()
    apart.stop()
  })

  it('is written only where something is new, and forgotten after a minute without a word', async () => {
    const number = await open()
    await beat(bob, number, 'note')
    const before = await versionOf(bob)
    await Promise.all(Array.from({ length: 5 }, () => beat(bob, number, 'note')))
    expect(await versionOf(bob)).toEqual(before)
    await beat(bob, number)
    expect(await versionOf(bob)).not.toEqual(before)
    await setClockOffset(record.ownerUrl, '59 seconds')
    expect((await beat(ada, number)).others).toEqual(['Bob looks'])
    await setClockOffset(record.ownerUrl, '70 seconds')
    expect((await beat(ada, number)).others).toEqual([])
    expect(await versionOf(bob)).toEqual([])
  })

  it('is the desk’s own matter', async () => {
    const number = await open()
    await beat(ada, number)
    expect((await beat(employee, number)).code).toBe(403)
    expect((await beat(stranger, number)).code).toBe(404)
    expect((await beat(bob, number, 'shouting')).code).toBe(422)
  })
})
