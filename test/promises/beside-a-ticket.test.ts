import { randomBytes } from 'node:crypto'
import { createService, SYSTEM, transact } from '@tocsin/desk'
import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  anIntegration,
  aTeam,
  database,
  drain,
  type Someone,
  someone,
  type TestApi,
  testApi,
  type TestDatabase,
  testDoor,
} from '../harness/index.ts'

let base: TestDatabase
let api: TestApi
let team: string
let agent: Someone
let stranger: Someone
let employee: Someone
beforeAll(async () => {
  base = await database()
  api = testApi(base.db)
  team = await aTeam(base.db)
  agent = await someone(base.db, [{ role: 'agent', teamId: team }])
  stranger = await someone(base.db, [{ role: 'agent', teamId: await aTeam(base.db) }])
  employee = await someone(base.db)
})
afterAll(() => base.drop())

const aService = () =>
  transact(base.db, SYSTEM, (tx) =>
    createService(tx, { key: `s${randomBytes(4).toString('hex')}`, name: { en: 'Shop' }, teamId: team }),
  )
async function ask<T>(by: Someone, path: string, body?: unknown): Promise<T> {
  const answer = await api.call(by.key, body === undefined ? 'GET' : 'POST', `/api/v1${path}`, body)
  expect({ path, status: answer.status < 300 }).toEqual({ path, status: true })
  return (await answer.json()) as T
}
const open = (service_id: string, more: Record<string, unknown> = {}) =>
  ask<{ number: string }>(agent, '/tickets', {
    kind: 'incident',
    title: 'Slow',
    service_id,
    team_id: team,
    ...more,
  })

type Place = {
  health: string
  open_incidents: number
  incidents: { number: string }[]
  firing_alerts: number
  alerts: { title: string }[]
  last_change: { title: string; number: string | null; source: string | null } | null
}
const health = async (number: string) =>
  (await ask<{ service: Place; ci: Place | null }>(agent, `/tickets/${number}/health`)).service

test('stands how its service is: other incidents, alerts that fire, the last change', async () => {
  const service = await aService()
  const { number } = await open(service)
  expect(await health(number)).toMatchObject({
    health: 'degraded',
    open_incidents: 0,
    firing_alerts: 0,
    last_change: null,
  })

  const worse = await open(service, { impact: 'high', urgency: 'high' })
  const source = await anIntegration(base.db, { serviceId: service, name: 'Rollouts' })
  const door = await testDoor(base.url)
  const say = (events: unknown[]) => door.send(`/v1/events/${source.key}`, { events })
  await say([{ kind: 'change', dedup_key: 'r1', title: 'Release 4.1 rolled out' }])
  await say([{ dedup_key: 'disk', title: 'Disk fills', severity: 'warning', status: 'firing' }])
  await door.close()
  await drain(base.db)
  const now = await health(number)
  expect(now).toMatchObject({ health: 'down', firing_alerts: 1, alerts: [{ title: 'Disk fills' }] })
  expect(now.last_change).toMatchObject({ title: 'Release 4.1 rolled out', source: 'Rollouts', number: null })
  expect(now.open_incidents).toBe(now.incidents.length)
  expect(now.incidents[0]!.number).toBe(worse.number)
  expect((await api.call(stranger.key, 'GET', `/api/v1/tickets/${number}/health`)).status).toBe(404)
  expect((await api.call(employee.key, 'GET', `/api/v1/tickets/${number}/health`)).status).toBe(403)
})

test('stands a timeline that can be read from either end, page by page, nothing twice', async () => {
  const { number } = await open(await aService())
  for (let note = 1; note <= 6; note++) await ask(agent, `/tickets/${number}/note`, { body: `note ${note}` })
  const whole = await ask<{ items: { id: string }[] }>(agent, `/tickets/${number}/activity`)
  const pages: { id: string }[] = []
  let cursor = ''
  do {
    const page = await ask<{ items: { id: string }[]; next: string | null }>(
      agent,
      `/tickets/${number}/activity?order=newest&limit=3${cursor && `&cursor=${cursor}`}`,
    )
    pages.push(...page.items)
    cursor = page.next ?? ''
  } while (cursor)
  expect(pages.map(({ id }) => id)).toEqual(whole.items.map(({ id }) => id).toReversed())
})

type Followed = { may: string[]; watchers: { id: string }[] }
test('stand those who follow it; whoever follows it may leave, also after leaving the team', async () => {
  const { number } = await open(await aService())
  const followed = await ask<Followed>(agent, `/tickets/${number}/watch`, {})
  expect(followed.watchers.map(({ id }) => id)).toEqual([agent.id])
  expect(followed.may).toContain('unwatch')
  const gone = await someone(base.db, [{ role: 'agent', teamId: team }])
  await ask(gone, `/tickets/${number}/watch`, {})
  await base.db.deleteFrom('role_grant').where('person_id', '=', gone.id).execute()
  const seen = await ask<Followed>(gone, `/tickets/${number}`)
  expect(seen.watchers.map(({ id }) => id)).toEqual([gone.id])
  expect(seen.may).toContain('unwatch')
  expect((await ask<Followed>(gone, `/tickets/${number}/unwatch`, {})).may).toEqual([])
  expect((await api.call(gone.key, 'GET', `/api/v1/tickets/${number}`)).status).toBe(404)
})

test('those who work on it let others follow it, who see it then, and let them no more', async () => {
  const { number } = await open(await aService())
  const sees = async (who: Someone) => (await api.call(who.key, 'GET', `/api/v1/tickets/${number}`)).status
  const says = async (who: Someone, verb: 'watch' | 'unwatch', person_id: string) =>
    (await api.call(who.key, 'POST', `/api/v1/tickets/${number}/${verb}`, { person_id })).status
  expect(await sees(employee)).toBe(404)
  expect(await says(agent, 'watch', employee.id)).toBe(200)
  expect(await sees(employee)).toBe(200)
  const lines = await ask<{ items: { verb: string; after: { person?: string } | null }[] }>(
    agent,
    `/tickets/${number}/activity`,
  )
  expect(lines.items.at(-1)).toMatchObject({ verb: 'watch', after: { person: employee.id } })
  expect(await says(employee, 'watch', stranger.id)).toBe(403)
  expect(await says(employee, 'unwatch', agent.id)).toBe(403)
  expect(await says(agent, 'watch', '0199aaaa-0000-7000-8000-000000000000')).toBe(422)
  expect(await says(agent, 'unwatch', employee.id)).toBe(200)
  expect(await sees(employee)).toBe(404)
})

test('stands who works on it: handing it to another team is told as done, and is out of sight then', async () => {
  const colleague = await someone(base.db, [{ role: 'agent', teamId: team }])
  const { number } = await ask<{ number: string }>(colleague, '/tickets', {
    kind: 'incident',
    title: 'Slow',
    team_id: team,
  })
  const elsewhere = await aTeam(base.db)
  type Handed = { team: { id: string }; may: string[] }
  const handed = await ask<Handed>(agent, `/tickets/${number}/assign`, { team_id: elsewhere })
  expect(handed).toMatchObject({ team: { id: elsewhere }, may: [] })
  expect((await api.call(agent.key, 'GET', `/api/v1/tickets/${number}`)).status).toBe(404)
})

test('stand its links, which either side can take away', async () => {
  const service = await aService()
  const [one, other] = [await open(service), await open(service)]
  type Linked = { links: { number: string; outward: boolean }[] }
  const link = { kind: 'caused_by', number: other.number }
  expect((await ask<Linked>(agent, `/tickets/${one.number}/link`, link)).links).toHaveLength(1)
  const seen = await ask<Linked>(agent, `/tickets/${other.number}`)
  expect(seen.links).toMatchObject([{ number: one.number, outward: false }])
  const back = { kind: 'caused_by', number: one.number }
  expect((await ask<Linked>(agent, `/tickets/${other.number}/unlink`, back)).links).toEqual([])
  expect((await api.call(agent.key, 'POST', `/api/v1/tickets/${one.number}/unlink`, link)).status).toBe(404)
})

type Service = { id: string; team: unknown; open_incidents: number; health: string }
test('an employee reads of a service only what its outages tell everybody', async () => {
  const service = await aService()
  const read = async (by: Someone) =>
    (await ask<{ items: Service[] }>(by, '/services')).items.find(({ id }) => id === service)
  await open(service, { impact: 'low', urgency: 'low' })
  expect(await read(agent)).toMatchObject({ team: { id: team }, open_incidents: 1, health: 'degraded' })
  expect(await read(employee)).toMatchObject({ team: null, open_incidents: 0, health: 'ok' })
  await open(service, { impact: 'high', urgency: 'high' })
  expect(await read(employee)).toMatchObject({ team: null, open_incidents: 0, health: 'down' })
  expect(await read(stranger)).toMatchObject({ team: { id: team }, open_incidents: 0, health: 'down' })
  expect(await ask<Service>(employee, `/services/${service}`)).toMatchObject({
    team: null,
    open_incidents: 0,
  })
})
