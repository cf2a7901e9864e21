import { createServer } from 'node:http'
import { isSystem } from '@tocsin/desk'
import { parseJson } from '@tocsin/ingest/parse'
import { readBody } from '@tocsin/ingest/read-body'
import { circumstancesOf } from '@tocsin/ingest/place'
import { ADAPTERS } from '@tocsin/ingest/adapters/registry'
import pg from 'pg'

// The door as it is usually written, to measure ours against: the same reading, one transaction for each request,
// its events row by row. Started by ingest.ts with the database's URL; prints its port.
const CONNECTIONS = 16
const pool = new pg.Pool({ connectionString: process.env.DATABASE_URL, max: CONNECTIONS })
const slots = new Map<pg.PoolClient, number>()
const sources = new Map<string, Promise<{ id: string; hash: string }>>()

const server = createServer((request, response) => {
  const [, , system = '', key = ''] = (request.url ?? '').split('/')
  const work = async () => {
    if (!isSystem(system)) throw new Error('unknown system')
    const source = await (sources.get(key) ?? remember(key))
    const body = await readBody(request)
    const circumstances = circumstancesOf({ path: '', query: {} }, { headers: {}, receivedAt: new Date() })
    const events = ADAPTERS[system].read(parseJson(body).payload, circumstances)
    const receipt = await keep(source, body, events)
    const answer = ADAPTERS[system].accepted({ receipt, events, count: events.length, circumstances })
    response.writeHead(answer.status, { 'content-type': 'application/json' }).end(JSON.stringify(answer.body))
  }
  work().catch(() => response.writeHead(500).end())
})

function remember(key: string) {
  const found = (async () => {
    const { rows } = await pool.query<{ id: string; hash: string }>(
      `select integration_id as id, encode(hash, 'hex') as hash from integration_key where hash = sha256(convert_to($1, 'UTF8'))`,
      [key],
    )
    return rows[0]!
  })()
  sources.set(key, found)
  return found
}

async function keep(source: { id: string; hash: string }, body: Buffer, events: unknown[]): Promise<string> {
  const client = await pool.connect()
  const slot = slots.get(client) ?? slots.size
  slots.set(client, slot)
  try {
    await client.query('begin')
    await client.query(`select from integration_key where hash = decode($1, 'hex') and revoked_at is null`, [
      source.hash,
    ])
    const { rows } = await client.query<{ id: string; received_at: Date }>(
      `insert into receipt (integration_id, outcome, answer_status, content_type, body, event_count)
       values ($1, 'accepted', 202, 'application/json', $2, $3) returning id, received_at`,
      [source.id, body, events.length],
    )
    const { id, received_at } = rows[0]!
    for (const event of events)
      await client.query(
        `insert into receipt_waiting (integration_id, receipt_id, received_at, event_count, events) values ($1, $2, $3, 1, $4)`,
        [source.id, id, received_at, JSON.stringify([event])],
      )
    await client.query(
      `insert into tally as t (integration_id, minute, bucket, slot, count) values ($1, date_trunc('minute', $2::timestamptz), 'received', $3, $4)
       on conflict (integration_id, minute, bucket, slot) do update set count = t.count + excluded.count`,
      [source.id, received_at, slot, events.length],
    )
    await client.query('commit')
    return id
  } finally {
    client.release()
  }
}

server.listen(0, '127.0.0.1', () => process.stdout.write(`${(server.address() as { port: number }).port}\n`))
