import type { Prepared } from '@tocsin/db'
import type { Unopened, Received } from '@tocsin/desk'

/** One request as it came, and what was read out of it. */
export interface Parcel {
  keyHash: string
  integrationId: string
  outcome: 'accepted' | 'rejected'
  answerStatus: number
  reason: string | null
  contentType: string | null
  /** JSON. */
  headers: string
  body: Buffer
  events: Received[] | Unopened
  /** How many events these are. */
  count: number
  /** One of a flood: it has no commit of its own while others have theirs. */
  patient?: boolean
}

export interface Kept {
  receipt: string
}

/** Postgres did not say that it is committed. It may be: the sender is asked to come again. */
export class NotKept extends Error {
  constructor(cause?: unknown) {
    super('The receipt could not be committed in time.', { cause })
    this.name = 'NotKept'
  }
}

export interface Keeper {
  /** Settles after the commit. `undefined`: the key was revoked meanwhile, and nothing is kept. Throws `NotKept`. */
  keep: (parcel: Parcel) => Promise<Kept | undefined>
}

interface Waiting {
  parcel: Parcel
  bytes: number
  settle: (outcome: Kept | undefined | NotKept) => void
}

// While one commit is under way the next batch gathers: two at a time are smaller each, and cost more together. A disk
// that is slow, or a batch that is large, lets the next begin beside it: of other integrations, so that each stays in
// its order.
const LANES = 2
const SLOW_MS = 5
// What is patient goes along in the next commit of another, or together with its like after so long: while the disk
// writes for a flood, whoever comes waits for the disk.
const PATIENCE_MS = 25
const ALONG_BYTES = 65_536
const BATCH = 512
const BATCH_BYTES = 4_194_304
const QUEUE_BYTES = 134_217_728
// Senders are promised an answer within 2 s.
const DEADLINE_MS = 1_500
const SLOTS = 16_000

/**
 * Commits receipts many at a time. `db` is for this alone, with as many connections as lanes.
 * `told` hears the database's instant of each commit; `kept` is called after each.
 */
export function keeper(
  db: Prepared,
  {
    told,
    kept,
    deadlineMs = DEADLINE_MS,
  }: { told: (now: Date) => void; kept: () => void; deadlineMs?: number },
): Keeper {
  let queue: Waiting[] = []
  let patient: Waiting[] = []
  let patience: NodeJS.Timeout | undefined
  let queuedBytes = 0
  let scheduled = false
  // The commit that is under way and not slow yet.
  let brisk: NodeJS.Timeout | undefined
  // Integrations of which a commit is under way.
  const underWay = new Set<string>()
  const firstSlot = Math.floor(Math.random() * SLOTS) * LANES
  const lanes = Array.from({ length: LANES }, (_, lane) => firstSlot + lane)

  const start = () => {
    scheduled = false
    if (brisk || lanes.length === 0) return
    const batch = take()
    if (batch.length === 0) return
    const integrations = new Set(batch.map(({ parcel }) => parcel.integrationId))
    for (const id of integrations) underWay.add(id)
    const slot = lanes.shift()!
    const mine = setTimeout(() => {
      brisk = undefined
      start()
    }, SLOW_MS)
    brisk = mine
    void flush(batch, slot).then(() => {
      clearTimeout(mine)
      for (const id of integrations) underWay.delete(id)
      if (brisk === mine) brisk = undefined
      lanes.push(slot)
      start()
    })
  }
  const schedule = () => {
    if (scheduled || brisk || lanes.length === 0) return
    scheduled = true
    setImmediate(start)
  }
  const take = (): Waiting[] => {
    const first = cut(queue, { mostBytes: BATCH_BYTES, least: 1, underWay })
    if (first.batch.length === 0) return []
    const along = cut(patient, { mostBytes: ALONG_BYTES, least: 0, underWay })
    queue = first.rest
    patient = along.rest
    if (patient.length === 0) clearTimeout(patience)
    const batch = [...first.batch, ...along.batch]
    for (const waiting of batch) queuedBytes -= waiting.bytes
    return batch
  }
  const wait = (waiting: Waiting) => {
    if (patient.push(waiting) > 1) return
    patience = setTimeout(() => {
      queue.push(...patient)
      patient = []
      schedule()
    }, PATIENCE_MS)
  }
  const flush = async (batch: Waiting[], slot: number): Promise<void> => {
    try {
      const { now, ids } = await commit(
        db,
        batch.map((waiting) => waiting.parcel),
        slot,
      )
      told(now)
      for (const [position, waiting] of batch.entries()) {
        const receipt = ids[position + 1]
        waiting.settle(receipt === undefined ? undefined : { receipt })
      }
      kept()
    } catch (error) {
      // A value that Postgres refuses must cost its own sender only.
      if (batch.length > 1 && isRefusal(error)) for (const waiting of batch) await flush([waiting], slot)
      else for (const waiting of batch) waiting.settle(new NotKept(error))
    }
  }

  return {
    keep: (parcel) =>
      new Promise((resolve, reject) => {
        const bytes = parcel.body.length * 2 + 500
        if (queuedBytes + bytes > QUEUE_BYTES)
          return reject(new NotKept(new Error('The queue to Postgres is full.')))
        const late = setTimeout(() => {
          const before = queue.length + patient.length
          queue = queue.filter((other) => other !== waiting)
          patient = patient.filter((other) => other !== waiting)
          if (queue.length + patient.length < before) queuedBytes -= bytes
          waiting.settle(new NotKept())
        }, deadlineMs)
        const waiting: Waiting = {
          parcel,
          bytes,
          settle: (outcome) => {
            clearTimeout(late)
            if (outcome instanceof NotKept) reject(outcome)
            else resolve(outcome)
          },
        }
        queuedBytes += bytes
        if (parcel.patient) return wait(waiting)
        queue.push(waiting)
        schedule()
      }),
  }
}

/** The first of these that one commit holds, but none of an integration that has one under way; and the rest. */
function cut(
  waiting: Waiting[],
  { mostBytes, least, underWay }: { mostBytes: number; least: number; underWay: ReadonlySet<string> },
): { batch: Waiting[]; rest: Waiting[] } {
  const batch: Waiting[] = []
  const rest: Waiting[] = []
  let bytes = 0
  for (const [index, one] of waiting.entries()) {
    if (underWay.has(one.parcel.integrationId)) {
      rest.push(one)
      continue
    }
    bytes += one.bytes
    if (batch.length >= BATCH || (bytes > mostBytes && batch.length >= least))
      return { batch, rest: rest.concat(waiting.slice(index)) }
    batch.push(one)
  }
  return { batch, rest }
}

// Data exceptions, constraint violations and program limits: said about the values, not about the server.
const isRefusal = (error: unknown): boolean => /^(22|23|54)/.test((error as { code?: string }).code ?? '')

const KEEP = `
  with moment as materialized (select tocsin_now() as now),
  senders as materialized (
    select s.* from moment m,
      rows from (jsonb_to_recordset($2::jsonb) as (key_hash text, integration_id uuid, outcome text,
        answer_status smallint, reason text, content_type text, headers jsonb))
      with ordinality as s(key_hash, integration_id, outcome, answer_status, reason, content_type, headers, number)
    join integration_key k on k.hash = decode(s.key_hash, 'hex') and k.integration_id = s.integration_id
    join integration i on i.id = k.integration_id and i.archived_at is null
    where k.revoked_at is null and (k.expires_at is null or k.expires_at > m.now)
  ), given as materialized (
    select uuidv7() as id, m.now, g.position, s.integration_id, s.outcome, s.answer_status, s.reason, s.content_type,
           s.headers, g.event_count, substring($1::bytea from g.at for g.body_length) as body,
           convert_from(substring($1::bytea from g.at + g.body_length for g.events_length), 'UTF8') as events
    from moment m, unnest($4::int[], $5::int[], $6::int[], $7::int[], $8::int[]) with ordinality
      as g(number, at, body_length, events_length, event_count, position)
    join senders s on s.number = g.number
  ), kept as (
    insert into receipt (id, received_at, integration_id, outcome, answer_status, reason, content_type, headers, body, event_count)
    select id, now, integration_id, outcome, answer_status, reason, content_type, headers, body, event_count
    from given
  ), waiting as (
    insert into receipt_waiting (integration_id, receipt_id, received_at, event_count, events)
    select integration_id, id, now, event_count, events::json
    from given where outcome = 'accepted' and event_count > 0 order by position
  ), counted as (
    insert into tally as t (integration_id, minute, bucket, slot, count)
    select integration_id, date_trunc('minute', now), case outcome when 'accepted' then 'received' else 'rejected' end,
           $3::smallint, sum(case outcome when 'accepted' then event_count else 1 end)
    from given group by 1, 2, 3 order by 1, 3
    on conflict (integration_id, minute, bucket, slot) do update set count = t.count + excluded.count
  ), seen as (
    update integration i set last_received_at = m.now from moment m where i.id in (
      select s.id from integration s where s.id in (select integration_id from senders)
        and (s.last_received_at is null or s.last_received_at < (select now from moment) - interval '5 seconds')
      for update skip locked)
  )
  select m.now, (select json_object_agg(position, id) from given) as ids from moment m`

interface Row {
  now: Date
  /** By place in the batch, from 1; of those that were kept. */
  ids: Record<number, string> | null
}

/**
 * Receipts, what waits for the worker and the counts in one statement; keys are checked again inside it.
 * Bodies and events travel as one run of bytes, and what is the same of many requests once: as JSON of each they
 * would be escaped, parsed and built anew on the way, which was most of the cost.
 */
async function commit(
  db: Prepared,
  parcels: Parcel[],
  slot: number,
): Promise<{ now: Date; ids: Record<number, string> }> {
  const senders = new Map<string, number>()
  const runs: Buffer[] = []
  const columns: number[][] = [[], [], [], [], []]
  let at = 1
  for (const parcel of parcels) {
    const events = Buffer.from(JSON.stringify(parcel.events))
    const row = [senderOf(senders, parcel), at, parcel.body.length, events.length, parcel.count]
    for (const [column, value] of row.entries()) columns[column]!.push(value)
    runs.push(parcel.body, events)
    at += parcel.body.length + events.length
  }
  const rows = await db.query<Row>('keep', KEEP, [
    Buffer.concat(runs, at - 1),
    `[${[...senders.keys()].join(',')}]`,
    slot,
    ...columns.map((values) => `{${values.join(',')}}`),
  ])
  return { now: rows[0]!.now, ids: rows[0]!.ids ?? {} }
}

/** What is the same of many requests, and its place among those of this commit, from 1. */
function senderOf(senders: Map<string, number>, parcel: Parcel): number {
  const said = `${JSON.stringify({
    key_hash: parcel.keyHash,
    integration_id: parcel.integrationId,
    outcome: parcel.outcome,
    answer_status: parcel.answerStatus,
    reason: parcel.reason,
    content_type: parcel.contentType,
  }).slice(0, -1)},"headers":${parcel.headers}}`
  const known = senders.get(said)
  if (known !== undefined) return known
  senders.set(said, senders.size + 1)
  return senders.size
}
