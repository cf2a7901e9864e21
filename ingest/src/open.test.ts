import { readdirSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { ADAPTERS } from './adapters/registry.ts'
import { open } from './open.ts'
import { parseJson } from './parse.ts'
import { circumstancesOf } from './place.ts'
import { countUnopened, readAs } from './try.ts'

const receivedAt = new Date('2026-11-28T10:00:00.000Z')
const circumstances = (path: string) =>
  circumstancesOf({ path, query: {} }, { headers: { accept: '*/*' }, receivedAt })
const waiting = (system: string, body: Buffer, count: number) => ({
  system,
  zone: null,
  received_at: receivedAt,
  event_count: count,
  body,
})

const unopened = Object.entries(ADAPTERS).flatMap(([system, adapter]) =>
  adapter.countUnopened ? [system] : [],
)
const samples = unopened.flatMap((system) => {
  const folder = new URL(`../samples/${system}/`, import.meta.url)
  return readdirSync(folder).map((name) => ({ system, name, body: readFileSync(new URL(name, folder)) }))
})

test.each(samples)('$system $name says later what it would have said at the door', ({ system, body }) => {
  const known = system as 'prometheus' | 'alertmanager'
  const parsed = parseJson(body)
  const now = readAs(known, parsed, circumstances(''))
  const count = countUnopened(known, parsed, circumstances(''))
  expect(count).toBeGreaterThan(0)
  expect({ events: open(waiting(system, body, count!), { path: '' }) }).toEqual(now)
})

test('the path goes with it, flags and what cannot be read stay, and a wrong body is told at the door', () => {
  const body = Buffer.from(
    JSON.stringify([{ labels: { a: 'x\0y' } }, { labels: 'none' }, 7, { labels: { b: '1' } }]),
  )
  const parsed = parseJson(body)
  expect(countUnopened('alertmanager', parsed, circumstances('/api/v2/alerts'))).toBe(4)
  expect(countUnopened('alertmanager', parsed, circumstances(''))).toBeUndefined()
  const events = open(waiting('alertmanager', body, 4), { path: '/api/v2/alerts' })
  expect(events.map(({ kind }) => kind)).toEqual(['trigger', 'unreadable', 'unreadable', 'trigger'])
  expect(events[0]).toMatchObject({ flags: ['text-replaced'], labels: { a: 'x\ufffdy' } })
  for (const payload of [[], [7], [{ labels: {} }, { labels: { a: '1' } }], { a: 1 }])
    expect(countUnopened('prometheus', { payload, flags: [] }, circumstances(''))).toBeUndefined()
})

test('as many events come of it as were counted, whatever became of the body', () => {
  for (const body of [Buffer.from('[]'), Buffer.from('{}'), null]) {
    const events = open({ ...waiting('prometheus', Buffer.alloc(0), 2), body }, { path: '' })
    expect(events.map(({ kind }) => kind)).toEqual(['unreadable', 'unreadable'])
  }
})
