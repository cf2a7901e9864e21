import { sql } from 'kysely'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import {
  aPolicy,
  database,
  type RunningEngine,
  setClockOffset,
  someIncidents,
  someone,
  startEngine,
  type TestDatabase,
  until,
} from '../harness/index.ts'

let record: TestDatabase
let engine: RunningEngine
beforeAll(async () => {
  record = await database()
})
afterEach(async () => {
  vi.useRealTimers()
  await engine.stop()
  await setClockOffset(record.ownerUrl, '0')
})
afterAll(() => record.drop())

const HOUR = 3_600_000

async function twoSteps(): Promise<string> {
  const [ada, bea] = [await someone(record.db), await someone(record.db)]
  return aPolicy(record.db, [
    { wait_ms: 0, targets: [{ kind: 'person', id: ada.id }] },
    { wait_ms: 300_000, targets: [{ kind: 'person', id: bea.id }] },
  ])
}
async function pagesOf(ticketId: string) {
  const { rows } = await sql<{ step: number; sent: boolean }>`
    select g.step, bool_and(d.state = 'sent') as sent from page g join delivery d on d.page_id = g.id
    where g.ticket_id = ${ticketId} group by g.step order by g.step`.execute(record.db)
  return rows
}
const paged = (ticketId: string, steps: number) =>
  until(async () => {
    const pages = await pagesOf(ticketId)
    return pages.length === steps && pages.every((page) => page.sent)
  })
/** A later incident's page is out: whatever was due before it has been swept by now. */
async function sweptSince(policy: string): Promise<void> {
  const [marker] = await someIncidents(record.db, policy)
  await paged(marker!.id, 1)
}

describe.each([
  ['an hour fast', HOUR],
  ['an hour slow', -HOUR],
])('a replica whose own clock is %s', (_, shift) => {
  it('pages neither early nor late', async () => {
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + shift })
    engine = startEngine(record)
    const policy = await twoSteps()
    const [ticket] = await someIncidents(record.db, policy)
    await paged(ticket!.id, 1)
    await setClockOffset(record.ownerUrl, '270 seconds')
    await sweptSince(policy)
    expect(await pagesOf(ticket!.id)).toHaveLength(1)
    await setClockOffset(record.ownerUrl, '302 seconds')
    await paged(ticket!.id, 2)
  })
})

describe('the database’s clock', () => {
  it('set back an hour pages nobody early, and nobody is missed when it is right again', async () => {
    engine = startEngine(record)
    await setClockOffset(record.ownerUrl, '-2 hours') // so that the policy is older than the jump
    const policy = await twoSteps()
    await setClockOffset(record.ownerUrl, '0')
    const [ticket] = await someIncidents(record.db, policy)
    await paged(ticket!.id, 1)
    await setClockOffset(record.ownerUrl, '-1 hour')
    await sweptSince(policy)
    expect(await pagesOf(ticket!.id)).toHaveLength(1)
    await setClockOffset(record.ownerUrl, '302 seconds')
    await paged(ticket!.id, 2)
  })

  it('jumping an hour ahead decides a step once and leaves the next its time', async () => {
    engine = startEngine(record)
    const policy = await twoSteps()
    const [ticket] = await someIncidents(record.db, policy)
    await paged(ticket!.id, 1)
    await setClockOffset(record.ownerUrl, '1 hour')
    await paged(ticket!.id, 2)
    await sweptSince(policy)
    expect(await pagesOf(ticket!.id)).toHaveLength(2)
  })
})
