import { serveHttp } from '@tocsin/db/process'
import {
  noteOnTicket,
  openTickets,
  placeActivity,
  record as recordLines,
  SYSTEM,
  transact,
} from '@tocsin/desk'
import { afterAll, beforeAll, expect, it } from 'vitest'
import {
  aTeam,
  database,
  type Someone,
  someone,
  testApi,
  type TestDatabase,
  until,
} from '../harness/index.ts'

let record: TestDatabase
let agent: Someone
let stranger: Someone
let team: string
beforeAll(async () => {
  record = await database()
  team = await aTeam(record.db)
  agent = await someone(record.db, [{ role: 'agent', teamId: team }])
  stranger = await someone(record.db, [{ role: 'agent', teamId: await aTeam(record.db) }])
})
afterAll(() => record.drop())

async function serve() {
  const stopping = new AbortController()
  const { app } = testApi(record.db, { databaseUrl: record.url, signal: stopping.signal })
  const { url, close } = await serveHttp(app, '127.0.0.1', 0)
  return {
    url: `${url}/api/v1/stream`,
    stop: () => {
      stopping.abort()
      return close()
    },
  }
}

interface Event {
  id: number
  verb: string
}
/** Reads a stream until it ends; keeps what came. */
function read(url: string, key: string, lastEventId?: number) {
  const events: Event[] = []
  const abort = new AbortController()
  const status = (async () => {
    const answer = await fetch(url, {
      signal: abort.signal,
      headers: {
        authorization: `Bearer ${key}`,
        ...(lastEventId !== undefined && { 'last-event-id': String(lastEventId) }),
      },
    })
    void (async () => {
      let text = ''
      for await (const chunk of answer.body!.pipeThrough(new TextDecoderStream())) {
        text += chunk
        const parts = text.split('\n\n')
        text = parts.pop()!
        for (const part of parts) {
          if (!part.includes('event: activity')) continue
          const data = JSON.parse(/^data: (.*)$/m.exec(part)![1]!) as { verb: string }
          events.push({ id: Number(/^id: (\d+)$/m.exec(part)![1]), verb: data.verb })
        }
      }
    })().catch(() => undefined)
    return answer.status
  })()
  return { events, status, stop: () => abort.abort() }
}

const open = async () => {
  const [ticket] = await transact(record.db, SYSTEM, (tx) =>
    openTickets(tx, [
      { kind: 'request', title: 'x', impact: 'low', urgency: 'low', channel: 'desk', teamId: team },
    ]),
  )
  await placeActivity(record.db)
  return ticket!
}
const note = async (id: string, body: string) => {
  await transact(record.db, { kind: 'person', id: agent.id }, (tx) => noteOnTicket(tx, { id, body }))
  await placeActivity(record.db)
}

it('goes on after the door was restarted, with nothing twice and nothing missing', async () => {
  let door = await serve()
  const first = read(door.url, agent.key)
  await first.status
  const ticket = await open()
  await until(() => first.events.length === 1)
  await door.stop()
  await note(ticket.id, 'while nobody listened')
  door = await serve()
  const second = read(door.url, agent.key, first.events.at(-1)!.id)
  await until(() => second.events.length === 1)
  await note(ticket.id, 'and after')
  await until(() => second.events.length === 2)
  expect([...first.events, ...second.events].map((event) => event.verb)).toEqual(['open', 'note', 'note'])
  second.stop()
  await door.stop()
})

it('tells another team nothing', async () => {
  const door = await serve()
  const [theirs, ours] = [read(door.url, stranger.key), read(door.url, agent.key)]
  await Promise.all([theirs.status, ours.status])
  await open()
  await until(() => ours.events.length === 1)
  expect(theirs.events).toEqual([])
  theirs.stop()
  ours.stop()
  await door.stop()
})

it('answers 429 to the eleventh connection of a person', async () => {
  const door = await serve()
  const streams = Array.from({ length: 10 }, () => read(door.url, agent.key))
  expect(await Promise.all(streams.map((stream) => stream.status))).toEqual(Array(10).fill(200))
  expect(await read(door.url, agent.key).status).toBe(429)
  for (const stream of streams) stream.stop()
  await door.stop()
})

it('keeps no more than so much for who does not read, and tells them to load anew', async () => {
  const many = 5_600
  const stopping = new AbortController()
  const { app } = testApi(record.db, { databaseUrl: record.url, signal: stopping.signal })
  const door = await serveHttp(app, '127.0.0.1', 0)
  const url = `${door.url}/api/v1/stream`
  const quick = read(url, agent.key)
  // Without a socket between, what is not read is not written either.
  const slow = await app.request('/api/v1/stream', { headers: { authorization: `Bearer ${agent.key}` } })
  await quick.status
  await transact(record.db, SYSTEM, (tx) =>
    recordLines(
      tx,
      Array.from({ length: many }, () => ({
        verb: 'begin',
        subject: { kind: 'maintenance', id: agent.id },
        visibility: 'audit' as const,
      })),
    ),
  )
  while ((await placeActivity(record.db)) > 0);
  await until(() => quick.events.length === many)

  const reader = slow.body!.pipeThrough(new TextDecoderStream()).getReader()
  let text = ''
  while (!text.includes('event: reset')) text += (await reader.read()).value
  expect(text.split('event: activity').length - 1).toBeLessThan(many)
  const ticket = await open()
  while (!text.includes(ticket.number)) text += (await reader.read()).value
  await reader.cancel()
  quick.stop()
  stopping.abort()
  await door.close()
})
