import {
  assignTicket,
  commentOnTicket,
  mergeTickets,
  noteOnTicket,
  openTickets,
  replyToTicket,
  resolveTicket,
  transact,
} from '@tocsin/desk'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  aTeam,
  asOwner,
  database,
  mailReceiver,
  type MailReceiver,
  type RunningEngine,
  setClockOffset,
  type Someone,
  someone,
  startEngine,
  testApi,
  type TestDatabase,
  until,
} from '../harness/index.ts'

let record: TestDatabase
let team: string
let agent: Someone
let employee: Someone
beforeAll(async () => {
  record = await database()
  team = await aTeam(record.db)
  agent = await someone(record.db, [{ role: 'agent', teamId: team }])
  employee = await someone(record.db)
})
afterAll(() => record.drop())

const as = <T>(who: Someone, work: Parameters<typeof transact<T>>[2]) =>
  transact(record.db, { kind: 'person', id: who.id }, work)

async function aRequest(title = 'A new screen, please', cause?: { kind: string; id: string }) {
  const [ticket] = await as(employee, (tx) =>
    openTickets(tx, [
      {
        kind: 'request',
        title,
        impact: 'low',
        urgency: 'low',
        channel: 'portal',
        requesterId: employee.id,
        teamId: team,
        ...(cause && { cause }),
      },
    ]),
  )
  return ticket!
}
async function toldOf(ticketId: string): Promise<string[]> {
  const { rows } = await sql<{ told: string }>`
    select n.template || ' ' || case n.person_id when ${agent.id} then 'agent' when ${employee.id} then 'employee' else '?' end
           || ' ' || n.state as told
    from notice n where n.ticket_id = ${ticketId} order by n.created_at, n.id`.execute(record.db)
  return rows.map((row) => row.told)
}

describe('what happens to a ticket', () => {
  it('is told by mail, once, to whom it concerns, in their language and thread', async () => {
    const engines = [startEngine(record), startEngine(record)]
    try {
      await asOwner(record.ownerUrl, `update person set locale = 'fr' where id = $1`, [employee.id])
      const ticket = await aRequest('Un écran\r\nBcc: eve@evil.test')
      await as(agent, (tx) => assignTicket(tx, { id: ticket.id, assigneeId: agent.id }))
      await as(agent, (tx) => noteOnTicket(tx, { id: ticket.id, body: 'between us' }))
      await as(agent, (tx) => replyToTicket(tx, { id: ticket.id, body: 'Which <b>size</b>?' }))
      await as(employee, (tx) => commentOnTicket(tx, { id: ticket.id, body: '27 inches' }))
      await as(agent, (tx) => resolveTicket(tx, { id: ticket.id }))
      await until(async () => (await toldOf(ticket.id)).filter((told) => told.endsWith(' sent')).length === 4)
      expect((await toldOf(ticket.id)).toSorted()).toEqual([
        'comment agent sent',
        'received employee sent',
        'reply employee sent',
        'resolved employee sent',
      ])
      const { rows: mails } = await sql<{ subject: string; body_text: string; body_html: string }>`
        select subject, body_text, body_html from local_mail
        where ticket_id = ${ticket.id} and person_id = ${employee.id} order by at, id`.execute(record.db)
      expect(mails[0]!.subject).toBe(`[${ticket.number}] Bien reçu: Un écran Bcc: eve@evil.test`)
      const reply = mails.find((mail) => mail.subject.includes('Nouvelle réponse'))!
      expect(reply.body_text).toContain('Which <b>size</b>?')
      expect(reply.body_html).toContain('Which &lt;b&gt;size&lt;/b&gt;?')
      expect(reply.body_text).toContain(`/portal/requests/${ticket.number}`)
      expect(mails.map((mail) => mail.body_text).join()).not.toContain('between us')
    } finally {
      await Promise.all(engines.map((engine) => engine.stop()))
    }
  })

  it('is told, when it is merged, with the number and the link of where it goes on', async () => {
    const engine = startEngine(record)
    try {
      const [from, into] = [await aRequest(), await aRequest()]
      await as(agent, (tx) => mergeTickets(tx, { from: from.id, into: into.id }))
      await until(async () => (await toldOf(from.id)).includes('merged employee sent'))
      const { rows } = await sql<{ subject: string; body_text: string }>`
        select subject, body_text from local_mail where ticket_id = ${from.id} order by at, id`.execute(
        record.db,
      )
      expect(rows.at(-1)!.subject).toContain(`[${from.number}] Regroupé avec un autre`)
      expect(rows.at(-1)!.body_text).toContain(`Le suivi continue dans ${into.number}`)
      expect(rows.at(-1)!.body_text).toContain(`/portal/requests/${into.number}`)
      expect(await toldOf(into.id)).toEqual(['received employee sent'])
    } finally {
      await engine.stop()
    }
  })

  it('is not told in answer to a machine', async () => {
    const engine = startEngine(record)
    try {
      const robot = await aRequest('out of office', { kind: 'auto-submitted', id: employee.id })
      const human = await aRequest()
      await until(async () => (await toldOf(human.id))[0] === 'received employee sent')
      expect(await toldOf(robot.id)).toEqual([])
    } finally {
      await engine.stop()
    }
  })

  it('is history when it is older than a day, and not told any more', async () => {
    await setClockOffset(record.ownerUrl, '-30 hours')
    const old = await aRequest()
    await setClockOffset(record.ownerUrl, '0')
    const fresh = await aRequest()
    const engine = startEngine(record)
    try {
      await until(async () => (await toldOf(fresh.id))[0] === 'received employee sent')
      expect(await toldOf(old.id)).toEqual([])
    } finally {
      await engine.stop()
    }
  })
})

describe('somebody who never wrote to us', () => {
  const inTheirName = (requesterId: string, count: number) =>
    as(agent, (tx) =>
      openTickets(
        tx,
        Array.from({ length: count }, (_, index) => ({
          kind: 'request' as const,
          title: `Buy cheap pills ${index}`,
          description: 'https://pills.test',
          impact: 'low' as const,
          urgency: 'low' as const,
          channel: 'api' as const,
          requesterId,
          teamId: team,
        })),
      ),
    )
  const statesOf = async (personId: string) => {
    const { rows } = await sql<{ state: string; count: number }>`
      select state, count(*) as count from notice where person_id = ${personId} group by 1`.execute(record.db)
    return Object.fromEntries(rows.map(({ state, count }) => [state, count]))
  }

  it('gets one mail an hour, with nothing in it that was submitted, for 1,000 tickets in their name', async () => {
    const victim = await someone(record.db)
    const tickets = await inTheirName(victim.id, 1_000)
    const engines = [startEngine(record), startEngine(record)]
    try {
      await until(async () => (await statesOf(victim.id)).withheld === 999, { deadline: 15_000 })
      await until(async () => (await statesOf(victim.id)).sent === 1)
      const { rows: mails } = await sql<{ subject: string; body_text: string; body_html: string }>`
        select subject, body_text, body_html from local_mail where person_id = ${victim.id}`.execute(
        record.db,
      )
      expect(mails).toHaveLength(1)
      expect(JSON.stringify(mails)).not.toMatch(/pills/)
      expect(mails[0]!.subject).toBe(`[${tickets[0]!.number}] We have received it`)

      const api = testApi(record.db)
      const answer = await api.call(agent.key, 'GET', `/api/v1/tickets/${tickets[7]!.number}/activity`)
      const { items } = (await answer.json()) as { items: { verb: string; why: unknown; names: unknown }[] }
      expect(items.at(-1)).toMatchObject({
        verb: 'withhold',
        why: { reason: 'stranger', most: 1, of_minutes: 60 },
        names: { [victim.id]: victim.name },
      })

      // What a person of the desk writes to them is no automatic mail.
      await as(agent, (tx) => replyToTicket(tx, { id: tickets[3]!.id, body: 'Was this you?' }))
      await until(async () => (await statesOf(victim.id)).sent === 2)

      await setClockOffset(record.ownerUrl, '61 minutes')
      await inTheirName(victim.id, 2)
      await until(async () => (await statesOf(victim.id)).sent === 3)
      expect(await statesOf(victim.id)).toEqual({ sent: 3, withheld: 1_000 })
    } finally {
      await setClockOffset(record.ownerUrl, '0')
      await Promise.all(engines.map((engine) => engine.stop()))
    }
  })
})

describe('a mail server that is away', () => {
  let mail: MailReceiver
  let engine: RunningEngine
  beforeAll(async () => {
    mail = await mailReceiver()
    engine = startEngine(record, { smtpUrl: mail.url })
  })
  afterAll(async () => {
    await engine.stop()
    await mail.close()
    await setClockOffset(record.ownerUrl, '0')
  })

  it('gets the same mail later, with the same Message-ID', async () => {
    mail.mode = 'defer'
    const ticket = await aRequest()
    await until(async () => {
      const { rows } = await sql<{ attempts: number }>`
        select attempts from notice where ticket_id = ${ticket.id} and state = 'waiting' and attempts = 1`.execute(
        record.db,
      )
      return rows.length === 1
    })
    mail.mode = 'take'
    await setClockOffset(record.ownerUrl, '1 minute')
    await until(async () => (await toldOf(ticket.id))[0] === 'received employee sent')
    const { rows } = await sql<{ id: string }>`select id from notice where ticket_id = ${ticket.id}`.execute(
      record.db,
    )
    const [received] = mail.mails
    expect(received).toContain(`Message-ID: <notice-${rows[0]!.id}@127.0.0.1>`)
    expect(received).toContain(`References: <ticket-${ticket.id}@127.0.0.1>`)
    expect(received).toMatch(/^Auto-Submitted: auto-generated/m)
    expect(received).not.toMatch(/^Bcc:/im)
  })
})
