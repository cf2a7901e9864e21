import { expect, test } from 'vitest'
import { sweepSteps } from '@tocsin/desk/escalation'
import { anIntegration, aPolicy, aSource, doorOverDatabase, drain, someone } from '../harness/index.ts'

const on = doorOverDatabase()
const SOON = 60_000

/** Two people, the second a minute after the first. */
async function twoSteps() {
  const people = [await someone(on.base.db), await someone(on.base.db)]
  const steps = people.map(({ id }, place) => ({
    wait_ms: place * SOON,
    targets: [{ kind: 'person' as const, id }],
  }))
  return aPolicy(on.base.db, steps)
}
async function nextStep() {
  await on.moveOn(SOON / 1000)
  return sweepSteps(on.base.db)
}

/** What the ticket of an integration's alerts has come to. */
async function ticketOf(integrationId: string) {
  const ticket = await on.base.db
    .selectFrom('ticket as t')
    .innerJoin('alert as a', 'a.ticket_id', 't.id')
    .select(['t.id', 't.state', 't.acknowledged_at'])
    .where('a.integration_id', '=', integrationId)
    .executeTakeFirstOrThrow()
  const [escalation, pages, ends] = await Promise.all([
    on.base.db.selectFrom('escalation').select('state').where('ticket_id', '=', ticket.id).execute(),
    on.base.db.selectFrom('page').select('state').where('ticket_id', '=', ticket.id).execute(),
    on.base.db
      .selectFrom('activity')
      .select(['actor_kind', 'actor_id', 'cause', 'why'])
      .where('ticket_id', '=', ticket.id)
      .where('verb', '=', 'end')
      .where('subject_kind', '=', 'escalation')
      .execute(),
  ])
  return { ...ticket, escalation, pages, ends }
}

test('an acknowledgement over PagerDuty’s API ends the paging, says whose it was, and answers for nobody', async () => {
  const { id, key } = await anIntegration(on.base.db, {
    system: 'pagerduty_events_v2',
    escalationPolicyId: await twoSteps(),
  })
  const say = async (event_action: string) => {
    const payload = { summary: 'Disk full', source: 'db-1', severity: 'critical' }
    const body = { routing_key: key, dedup_key: 'disk', event_action, payload }
    expect((await on.door.send('/v2/enqueue', body)).status).toBe(202)
    await drain(on.base.db)
  }
  await say('trigger')
  await sweepSteps(on.base.db)
  expect(await ticketOf(id)).toMatchObject({ pages: [{ state: 'open' }], escalation: [{ state: 'running' }] })

  await say('acknowledge')
  await say('acknowledge')
  expect(await ticketOf(id)).toMatchObject({
    state: 'new',
    acknowledged_at: null,
    escalation: [{ state: 'acknowledged' }],
    pages: [{ state: 'ended' }],
    ends: [
      {
        actor_kind: 'integration',
        actor_id: id,
        cause: { kind: 'receipt' },
        why: { rule: 'acknowledged_at_source' },
      },
    ],
  })
  await nextStep()
  expect((await ticketOf(id)).pages).toHaveLength(1)
})

test('while another alert of the ticket fires unacknowledged, paging goes on', async () => {
  const source = await aSource(on, { escalationPolicyId: await twoSteps() })
  const say = (kind: string, ...keys: string[]) =>
    source.say(...keys.map((dedup_key) => ({ kind, dedup_key, title: dedup_key, group_key: 'storage' })))
  await say('trigger', 'disk', 'raid')
  await sweepSteps(on.base.db)
  await say('acknowledge', 'disk')
  expect(await ticketOf(source.id)).toMatchObject({ escalation: [{ state: 'running' }], ends: [] })
  await nextStep()
  expect((await ticketOf(source.id)).pages).toMatchObject([{ state: 'open' }, { state: 'open' }])
  await say('acknowledge', 'raid')
  // The last step was decided, and both pages still waited for an answer.
  expect((await ticketOf(source.id)).pages).toMatchObject([{ state: 'ended' }, { state: 'ended' }])
})

test('opened and acknowledged in one message, nobody is woken', async () => {
  const source = await aSource(on, { escalationPolicyId: await twoSteps() })
  const disk = { dedup_key: 'disk', title: 'Disk full' }
  await source.say({ ...disk, kind: 'trigger' }, { ...disk, kind: 'acknowledge' })
  await nextStep()
  expect(await ticketOf(source.id)).toMatchObject({ escalation: [{ state: 'acknowledged' }], pages: [] })
})
