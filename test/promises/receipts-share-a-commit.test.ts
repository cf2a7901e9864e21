import { connectPrepared, type Prepared } from '@tocsin/db'
import { hashKey } from '@tocsin/desk'
import { keeper, type Parcel } from '@tocsin/ingest/keep'
import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { database, type TestDatabase } from '../harness/database.ts'
import { anIntegration } from '../harness/door.ts'

let own: TestDatabase
let commits: Prepared
const hearing = { told: () => undefined, kept: () => undefined }

beforeAll(async () => {
  own = await database()
  commits = connectPrepared(own.url, { max: 2 })
})
afterAll(async () => {
  await commits.destroy()
  await own.drop()
})

const parcelOf = (
  { id, key }: { id: string; key: string },
  said: string,
  more: Partial<Parcel> = {},
): Parcel => ({
  keyHash: hashKey(key).toString('hex'),
  integrationId: id,
  outcome: 'accepted',
  answerStatus: 202,
  reason: null,
  contentType: 'text/plain',
  headers: '{}',
  body: Buffer.from(said),
  events: { path: `/${said}` },
  count: 1,
  ...more,
})

/** What its one receipt says of a request. */
async function receiptOf(id: string | undefined) {
  const { rows } = await sql<{
    said: string
    headers: unknown
    outcome: string
    integration: string
    path?: string
  }>`
    select convert_from(r.body, 'UTF8') as said, r.headers, r.outcome, r.integration_id as integration, w.events ->> 'path' as path
    from receipt r left join receipt_waiting w on w.receipt_id = r.id where r.id = ${id}`.execute(own.db)
  return rows
}

test('many requests at once: each keeps its own body, headers and sender, and one whose key is gone keeps nothing', async () => {
  const [shop, bank, gone] = await Promise.all([0, 1, 2].map(() => anIntegration(own.db)))
  await sql`update integration_key set revoked_at = tocsin_now() where id = ${gone!.keyId}`.execute(own.db)
  const { keep } = keeper(commits, hearing)
  const parcels = Array.from({ length: 60 }, (_, n) => {
    const said = `“${n}” ünïcode \\ {`.repeat((n % 4) + 1)
    const headers = JSON.stringify({ 'x-like': String(n % 2), 'content-type': 'text/plain' })
    if (n % 10 === 9) return parcelOf(gone!, said)
    if (n % 5 === 4)
      return parcelOf(shop!, said, {
        outcome: 'rejected',
        reason: `no “${n}”`,
        headers,
        count: 0,
        events: [],
      })
    return parcelOf(n % 2 ? shop! : bank!, said, { headers })
  })
  const kept = await Promise.all(parcels.map((parcel) => keep(parcel)))
  for (const [n, parcel] of parcels.entries())
    expect(await receiptOf(kept[n]?.receipt)).toEqual(
      parcel.integrationId === gone!.id
        ? []
        : [
            {
              said: parcel.body.toString(),
              headers: JSON.parse(parcel.headers),
              outcome: parcel.outcome,
              integration: parcel.integrationId,
              path: parcel.outcome === 'accepted' ? `/${parcel.body.toString()}` : null,
            },
          ],
    )
})

test('a commit that the disk holds up holds up nobody else, and what the same source sends stays in its order', async () => {
  const [source, other] = await Promise.all([anIntegration(own.db), anIntegration(own.db)])
  let free = () => {}
  const held = new Promise<void>((resolve) => (free = resolve))
  let first = true
  const slow: Prepared = {
    ...commits,
    query: async (name, text, values) => {
      const wait = first
      first = false
      if (wait) await held
      return commits.query(name, text, values)
    },
  }
  const { keep } = keeper(slow, hearing)
  const settled: string[] = []
  const send = (from: typeof source, said: string) =>
    keep(parcelOf(from!, said)).then((kept) => {
      settled.push(said)
      return kept!.receipt
    })
  const before = send(source, 'first')
  await new Promise((resolve) => setImmediate(resolve))
  const after = send(source, 'second')
  await send(other, 'another')
  expect(settled).toEqual(['another'])
  free()
  const receipts = await Promise.all([before, after])
  const { rows } = await sql<{ receipt_id: string }>`
    select receipt_id from receipt_waiting where integration_id = ${source!.id} order by seq`.execute(own.db)
  expect(rows.map((row) => row.receipt_id)).toEqual(receipts)
})
