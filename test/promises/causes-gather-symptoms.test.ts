import {
  acknowledgeWithAlerts,
  createService,
  sweepGatherings,
  SYSTEM,
  transact,
  unmergeTicket,
} from '@tocsin/desk'
import { sql } from 'kysely'
import { beforeAll, expect, test } from 'vitest'
import { aPolicy, aSource, doorOverDatabase, someone } from '../harness/index.ts'

const on = doorOverDatabase()
let person: string
beforeAll(async () => {
  person = (await someone(on.base.db)).id
})

/** A shop on an application on a database, and a source with somebody on call. */
async function map(name: string) {
  const [shop, app] = await transact(on.base.db, SYSTEM, async (tx) => [
    await createService(tx, { key: `${name}-shop`, name: { en: 'Shop' } }),
    await createService(tx, { key: `${name}-app`, name: { en: 'App' } }),
  ])
  const { rows } = await sql<{ id: string }>`
    with edge as (insert into service_dependency values (${shop}, ${app}))
    insert into configuration_item (name, kind, service_id) values (${`${name}-db`}, 'database', ${app}) returning id`.execute(
    on.base.db,
  )
  const escalationPolicyId = await aPolicy(on.base.db, [
    { wait_ms: 0, targets: [{ kind: 'person', id: person }] },
  ])
  const one = await aSource(on, { escalationPolicyId })
  const alarm = (key: string, more: Record<string, unknown>) => ({
    dedup_key: `${name}-${key}`,
    title: key,
    labels: { alertname: key },
    ...more,
  })
  return {
    say: one.say,
    alert: (key: string) => one.alert(`${name}-${key}`),
    path: [shop, app, rows[0]!.id],
    slow: alarm('slow', { service: `${name}-shop` }),
    failing: alarm('failing', { service: `${name}-app` }),
    down: alarm('down', { host: `${name}-db`, severity: 'critical' }),
  }
}

async function lookAgain() {
  await on.moveOn(3)
  await sweepGatherings(on.base.db)
}

const ticket = (id: string | null) =>
  on.base.db
    .selectFrom('ticket')
    .select(['state', 'resolution_code'])
    .where('id', '=', id)
    .executeTakeFirstOrThrow()
const evidence = async (alertId: string, ticketId: string | null) => {
  const { evidence: kept } = await on.base.db
    .selectFrom('alert_link')
    .select('evidence')
    .where('alert_id', '=', alertId)
    .where('ticket_id', '=', ticketId)
    .executeTakeFirstOrThrow()
  return kept
}

test('a cause that is heard after its symptoms takes them in, with the path, and theirs page nobody any more', async () => {
  const { say, alert, slow, failing, down, path } = await map('late')
  await say(slow)
  await say(failing)
  const before = [await alert('slow'), await alert('failing')].map(({ ticket_id }) => ticket_id)
  expect(new Set(before).size).toBe(2)
  await say(down)
  await lookAgain()
  const cause = await alert('down')
  expect(await alert('slow')).toMatchObject({ ticket_id: cause.ticket_id, status: 'firing' })
  expect(await alert('failing')).toMatchObject({ ticket_id: cause.ticket_id })
  for (const id of before) expect(await ticket(id)).toEqual({ state: 'closed', resolution_code: 'merged' })
  expect(await evidence((await alert('slow')).id, cause.ticket_id)).toMatchObject({
    beside: 'service_map',
    path,
  })
  const running = await on.base.db
    .selectFrom('escalation')
    .select('ticket_id')
    .where('state', '=', 'running')
    .where('ticket_id', 'in', [...before, cause.ticket_id])
    .execute()
  expect(running).toEqual([{ ticket_id: cause.ticket_id }])
})

test('a symptom that a person has taken stays theirs, and is linked to its cause', async () => {
  const { say, alert, slow, down } = await map('taken')
  await say(slow)
  const { ticket_id: symptom } = await alert('slow')
  await transact(on.base.db, { kind: 'person', id: person }, (tx) =>
    acknowledgeWithAlerts(tx, { id: symptom! }),
  )
  await say(down)
  await lookAgain()
  const { ticket_id: cause } = await alert('down')
  expect(await alert('slow')).toMatchObject({ ticket_id: symptom, status: 'acknowledged' })
  expect(
    await on.base.db
      .selectFrom('ticket_link')
      .select(['kind', 'to_id'])
      .where('from_id', '=', symptom)
      .execute(),
  ).toEqual([{ kind: 'caused_by', to_id: cause }])
})

test('what people part again stays parted', async () => {
  const { say, alert, slow, down } = await map('parted')
  await say(slow)
  const { ticket_id: symptom } = await alert('slow')
  await say(down)
  await lookAgain()
  await transact(on.base.db, { kind: 'person', id: person }, (tx) => unmergeTicket(tx, symptom!))
  await lookAgain()
  expect(await alert('slow')).toMatchObject({ ticket_id: symptom })
  expect(await ticket(symptom)).toMatchObject({ state: 'new' })
})

test('two engines look at the same time: once', async () => {
  const { say, alert, slow, down } = await map('raced')
  await say(slow)
  await say(down)
  await on.moveOn(3)
  await Promise.all([sweepGatherings(on.base.db), sweepGatherings(on.base.db), say(slow)])
  const { ticket_id: cause } = await alert('down')
  expect(await alert('slow')).toMatchObject({ ticket_id: cause })
  const { rows } = await sql`select from ticket_merge where into_id = ${cause}`.execute(on.base.db)
  expect(rows).toHaveLength(1)
  expect(await on.base.db.selectFrom('gathering').selectAll().execute()).toEqual([])
})
