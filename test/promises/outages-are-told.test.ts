import { openTickets, sweepUpdateReminders, SYSTEM, transact } from '@tocsin/desk'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  asOwner,
  aTeam,
  database,
  type RunningEngine,
  setClockOffset,
  type Someone,
  someone,
  startEngine,
  type TestApi,
  testApi,
  type TestDatabase,
  until,
} from '../harness/index.ts'

let record: TestDatabase
let api: TestApi
let engine: RunningEngine
let team: string
let agent: Someone
let lead: Someone
let asker: Someone
let hit: Someone
let chosen: Someone
let board: { team: string; member: Someone }
let foreign: Someone
beforeAll(async () => {
  record = await database()
  api = testApi(record.db)
  team = await aTeam(record.db)
  agent = await someone(record.db, [{ role: 'agent', teamId: team }])
  lead = await someone(record.db, [{ role: 'on_call', teamId: team }])
  const boardTeam = await aTeam(record.db)
  board = { team: boardTeam, member: await someone(record.db, [{ role: 'manager', teamId: boardTeam }]) }
  foreign = await someone(record.db, [{ role: 'agent', teamId: await aTeam(record.db) }])
  asker = await someone(record.db)
  hit = await someone(record.db)
  chosen = await someone(record.db)
  engine = startEngine(record)
})
afterAll(async () => {
  await engine.stop()
  await record.drop()
})

interface Major {
  next_update_at: string | null
  update_every_minutes: number | null
  last_update: { title: string } | null
  stakeholders: { people: { id: string }[]; teams: { id: string }[] }
  followers: number
}
interface Shown {
  number: string
  may: string[]
  major_incident: Major
  detail: string
  errors: { path: string }[]
  items: { verb: string; after: Record<string, unknown>; message: { update: unknown } | null }[]
  outages: { major: { number: string; following: boolean; update: object | null } | null }[]
}
const ask = async (by: Someone, method: string, path: string, body?: unknown) => {
  const answer = await api.call(by.key, method, `/api/v1${path}`, body)
  return { status: answer.status, json: (await answer.json()) as Shown }
}
const step = (by: Someone, number: string, verb: string, body: unknown = {}) =>
  ask(by, 'POST', `/tickets/${number}/${verb}`, body)
const linesOf = async (number: string, verb: string, by = agent) =>
  (await ask(by, 'GET', `/tickets/${number}/activity`)).json.items.filter((line) => line.verb === verb)
const outageOf = async (number: string, by: Someone) =>
  (await ask(by, 'GET', '/portal')).json.outages.find(({ major }) => major?.number === number)?.major

const SECRET = 'core-switch-7 firmware bug'
const words = { title: 'Mail is slow', affected: 'Everybody in Lyon', body: 'We are <b>on it</b>.' }

async function aMajor(more: { declared?: object; confidential?: boolean } = {}) {
  const [ticket] = await transact(record.db, SYSTEM, (tx) =>
    openTickets(tx, [
      {
        kind: 'incident',
        title: SECRET,
        impact: 'high',
        urgency: 'high',
        channel: 'desk',
        teamId: team,
        requesterId: asker.id,
        assigneeId: agent.id,
        confidential: more.confidential,
      },
    ]),
  )
  const { id, number } = ticket!
  await step(agent, number, 'propose-major', { note: SECRET })
  const { status, json } = await step(agent, number, 'declare-major', { lead_id: lead.id, ...more.declared })
  expect(status).toBe(200)
  return { id, number, major: json.major_incident }
}

const toldOf = async (ticketId: string): Promise<string[]> => {
  const names = Object.entries({ agent, lead, asker, hit, chosen, member: board.member })
  const { rows } = await sql<{ template: string; person_id: string }>`
    select template, person_id from notice where ticket_id = ${ticketId}
      and template in ('outage', 'outage-over', 'update-due', 'resolved') and state = 'sent'`.execute(
    record.db,
  )
  return rows
    .map((row) => `${names.find(([, one]) => one.id === row.person_id)?.[0]} ${row.template}`)
    .toSorted()
}
const mailTo = async (who: Someone, ticketId: string) => {
  const { rows } = await sql<{ subject: string; body_text: string; body_html: string }>`
    select subject, body_text, body_html from local_mail where person_id = ${who.id} and ticket_id = ${ticketId}
    order by at, id`.execute(record.db)
  return rows
}

describe('an update of a major incident', () => {
  it('reaches those chosen, those whom it hits, its requester and those of its parts, and nothing of the desk leaks', async () => {
    await asOwner(record.ownerUrl, `update person set locale = 'fr', zone = 'Europe/Paris' where id = $1`, [
      hit.id,
    ])
    const { id, number } = await aMajor()
    await transact(record.db, SYSTEM, (tx) =>
      openTickets(tx, [
        {
          kind: 'request',
          title: 'No mail',
          impact: 'low',
          urgency: 'low',
          channel: 'portal',
          requesterId: chosen.id,
          parentId: id,
        },
      ]),
    )
    // Who never wrote to us is told less often.
    await step(asker, number, 'watch')
    const stakeholders = await step(agent, number, 'choose-stakeholders', { people: [], teams: [board.team] })
    expect(stakeholders.json.major_incident.stakeholders.teams).toMatchObject([{ id: board.team }])
    // Nothing was told yet, and it has no service: there is nothing to show.
    expect(await outageOf(number, hit)).toBeUndefined()
    const first = await step(lead, number, 'update-major', { ...words, next_update_at: null })
    expect(first.json.major_incident.last_update).toMatchObject({ title: 'Mail is slow' })
    expect(await outageOf(number, hit)).toMatchObject({
      following: false,
      update: { title: 'Mail is slow', affected: 'Everybody in Lyon', next_update_at: null },
    })
    expect((await ask(hit, 'POST', `/outages/${number}/follow`, {})).status).toBe(200)
    expect((await ask(hit, 'POST', `/outages/${number}/follow`, {})).status).toBe(200)
    expect(await outageOf(number, hit)).toMatchObject({ following: true })
    expect((await ask(hit, 'GET', `/tickets/${number}`)).status).toBe(404)
    expect((await ask(agent, 'GET', `/tickets/${number}`)).json.major_incident.followers).toBe(1)

    const soon = new Date(Date.now() + 45 * 60_000).toISOString()
    await step(agent, number, 'update-major', { ...words, body: 'Half is back.', next_update_at: soon })
    await until(async () => (await toldOf(id)).length === 7)
    expect(await toldOf(id)).toEqual([
      'asker outage',
      'asker outage',
      'chosen outage',
      'chosen outage',
      'hit outage',
      'member outage',
      'member outage',
    ])
    const [mail] = await mailTo(hit, id)
    expect(mail!.subject).toBe(`[${number}] Panne connue: Mail is slow`)
    const paris = new Intl.DateTimeFormat('fr', { timeStyle: 'short', timeZone: 'Europe/Paris' })
    expect(mail!.body_text).toContain('Concernés : Everybody in Lyon')
    expect(mail!.body_text).toMatch(new RegExp(`Prochain point d’ici le .*${paris.format(new Date(soon))}`))
    expect((await mailTo(board.member, id))[0]!.body_html).toContain('&lt;b&gt;on it&lt;/b&gt;')
    const everything = JSON.stringify([
      ...(await mailTo(hit, id)),
      ...(await mailTo(board.member, id)),
      (await ask(hit, 'GET', '/portal')).json,
    ])
    expect(everything).not.toContain('core-switch')
    expect((await linesOf(number, 'update-major', asker))[1]).toMatchObject({
      after: { next_update_at: soon },
      message: { body: 'Half is back.', update: { title: 'Mail is slow', next_update_at: soon } },
    })

    await step(agent, number, 'resolve', {})
    expect(await outageOf(number, hit)).toBeUndefined()
    await until(async () => (await toldOf(id)).length === 11)
    expect((await toldOf(id)).filter((told) => !told.endsWith(' outage'))).toEqual([
      'asker resolved',
      'chosen outage-over',
      'hit outage-over',
      'member outage-over',
    ])
    expect((await mailTo(hit, id)).at(-1)!.subject).toBe(`[${number}] La panne est terminée: Mail is slow`)
    expect((await ask(hit, 'POST', `/outages/${number}/follow`, {})).status).toBe(409)
    expect((await step(agent, number, 'update-major', { ...words, next_update_at: soon })).status).toBe(409)
    expect((await step(agent, number, 'update-major', { ...words, body: 'What it was.' })).status).toBe(200)
  })

  it('is refused with words where there is nothing to tell, or nobody to tell it to', async () => {
    const { number } = await aMajor()
    for (const [body, path] of [
      [{ ...words, title: ' ' }, 'title'],
      [{ ...words, next_update_at: '2020-01-01T00:00:00Z' }, 'next_update_at'],
      [{ ...words, next_update_at: '2099-01-01T00:00:00Z' }, 'next_update_at'],
      [{ ...words, next_update_at: 'soon' }, 'next_update_at'],
    ] as const) {
      const { status, json } = await step(agent, number, 'update-major', body)
      expect([status, json.errors[0]!.path]).toEqual([422, path])
    }
    expect((await step(foreign, number, 'update-major', words)).status).toBe(404)
    expect((await step(asker, number, 'update-major', words)).status).toBe(403)
    const nobody = { people: ['00000000-0000-4000-8000-000000000000'], teams: [] }
    expect((await step(agent, number, 'choose-stakeholders', nobody)).status).toBe(422)
    await step(agent, number, 'reject-major', { reason: 'One printer' })
    const late = await step(agent, number, 'update-major', words)
    expect([late.status, late.json.detail]).toEqual([
      409,
      'People outside the desk are told of declared major incidents only.',
    ])
    expect((await ask(hit, 'POST', `/outages/${number}/follow`, {})).status).toBe(404)
    expect((await ask(hit, 'POST', '/outages/INC-999999/follow', {})).status).toBe(404)
  })

  it('of a confidential one is for those chosen alone', async () => {
    const { number } = await aMajor({ confidential: true })
    await step(agent, number, 'choose-stakeholders', { people: [chosen.id], teams: [] })
    await step(agent, number, 'update-major', words)
    expect(await outageOf(number, hit)).toBeUndefined()
    expect((await ask(hit, 'POST', `/outages/${number}/follow`, {})).status).toBe(404)
    expect(await outageOf(number, chosen)).toMatchObject({ update: { title: 'Mail is slow' } })
  })
})

describe('the next update that is promised', () => {
  it('comes as often as declared, else as its priority asks for, and is recalled twice to those who owe it', async () => {
    const { id, number, major } = await aMajor()
    expect(major.update_every_minutes).toBe(30)
    expect(new Date(major.next_update_at!).getTime() - Date.now()).toBeGreaterThan(29 * 60_000)
    const rare = await aMajor({ declared: { update_every_minutes: 300 } })
    const never = await aMajor({ declared: { update_every_minutes: null } })
    expect(never.major.next_update_at).toBeNull()
    const reminded = async (of: string) =>
      (await linesOf(of, 'remind-update')).map(({ after }) => after.reminder)

    try {
      await setClockOffset(record.ownerUrl, '24 minutes')
      const sweeps = () => Promise.all([1, 2, 3].map(() => sweepUpdateReminders(record.db)))
      await sweeps()
      await until(async () => (await reminded(number)).length > 0)
      await setClockOffset(record.ownerUrl, '31 minutes')
      await sweeps()
      await sweeps()
      await until(async () => (await reminded(number)).length > 1)
      expect(await reminded(number)).toEqual(['due', 'overdue'])
      expect([await reminded(rare.number), await reminded(never.number)]).toEqual([[], []])
      await until(async () => (await toldOf(id)).length === 4)
      expect(await toldOf(id)).toEqual([
        'agent update-due',
        'agent update-due',
        'lead update-due',
        'lead update-due',
      ])
      expect((await mailTo(lead, id)).map(({ subject }) => subject)).toEqual([
        `[${number}] An update is due: ${SECRET}`,
        `[${number}] The update is overdue: ${SECRET}`,
      ])
      // An update keeps the promise and makes the next one; what is solved owes none.
      const told = await step(agent, number, 'update-major', words)
      const next = Date.parse(told.json.major_incident.next_update_at!)
      expect(next - Date.now()).toBeGreaterThan(60 * 60_000)
      await step(agent, rare.number, 'resolve', {})
      await setClockOffset(record.ownerUrl, '10 hours')
      await sweeps()
      expect(await reminded(rare.number)).toEqual([])
      expect(await reminded(number)).toEqual(['due', 'overdue', 'overdue'])
      // Opened again, it owes what it promised.
      await step(agent, rare.number, 'reopen', {})
      await sweeps()
      expect(await reminded(rare.number)).toEqual(['overdue'])
    } finally {
      await setClockOffset(record.ownerUrl, '0')
    }
  })
})
