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
  headers: Record<string, string>
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

// While two commits are under way the next batch gathers: one lane leaves Postgres idle between commits, and
// beyond two nothing is gained on two cores.
const LANES = 2
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
  let busy = 0
  let scheduled = false
  const firstSlot = Math.floor(Math.random() * SLOTS) * LANES
  const lanes = Array.from({ length: LANES }, (_, lane) => firstSlot + lane)

  const start = () => {
    scheduled = false
    while (busy < LANES && queue.length > 0) {
      const slot = lanes.shift()!
      busy += 1
      void flush(take(), slot).then(() => {
        busy -= 1
        lanes.push(slot)
        start()
      })
    }
  }
  const schedule = () => {
    if (scheduled || busy === LANES) return
    scheduled = true
    setImmediate(start)
  }
  const take = (): Waiting[] => {
    const batch = queue.splice(0, Math.max(1, fitting(queue, BATCH_BYTES)))
    batch.push(...patient.splice(0, fitting(patient, ALONG_BYTES)))
    if (patient.length === 0) clearTimeout(patience)
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
        const receipt = ids.get(position)
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

/** How many of these, from the first, hold so many bytes at most. */
function fitting(waiting: Waiting[], most: number): number {
  let bytes = 0
  const end = waiting.findIndex((one, index) => index >= BATCH || (bytes += one.bytes) > most)
  return end === -1 ? waiting.length : end
}

// Data exceptions, constraint violations and program limits: said about the values, not about the server.
const isRefusal = (error: unknown): boolean => /^(22|23|54)/.test((error as { code?: string }).code ?? '')

const KEEP = `
  with moment as materialized (select tocsin_now() as now),
  given as materialized (
    select uuidv7() as id, m.now, g.*, substring(p.bytes from body_at for body_length) as body,
           convert_from(substring(p.bytes from events_at for events_length), 'UTF8') as events
    from moment m, (select $1::bytea as bytes) p, jsonb_to_recordset($2::jsonb) as g(position int, key_hash text, integration_id uuid,
      outcome text, answer_status smallint, reason text, content_type text, headers jsonb, body_at int, body_length int,
      event_count int, events_at int, events_length int)
    join integration_key k on k.hash = decode(g.key_hash, 'hex') and k.integration_id = g.integration_id
    join integration i on i.id = k.integration_id and i.archived_at is null
    where k.revoked_at is null and (k.expires_at is null or k.expires_at > m.now)
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
      select s.id from integration s where s.id in (select integration_id from given)
        and (s.last_received_at is null or s.last_received_at < (select now from moment) - interval '5 seconds')
      for update skip locked)
  )
  select m.now, g.position, g.id from moment m left join given g on true`

interface Row {
  now: Date
  position: number | null
  id: string
}

/**
 * Receipts, what waits for the worker and the counts in one statement; keys are checked again inside it.
 * Bodies and events travel as one run of bytes beside the JSON: as JSON strings they would be escaped, parsed
 * and built anew on the way, which was most of the cost.
 */
async function commit(
  db: Prepared,
  parcels: Parcel[],
  slot: number,
): Promise<{ now: Date; ids: Map<number, string> }> {
  const runs: Buffer[] = []
  let length = 0
  const run = (bytes: Buffer) => {
    const at = length + 1
    runs.push(bytes)
    length += bytes.length
    return { at, length: bytes.length }
  }
  const given = JSON.stringify(
    parcels.map((parcel, position) => {
      const body = run(parcel.body)
      const events = run(Buffer.from(JSON.stringify(parcel.events)))
      return {
        position,
        key_hash: parcel.keyHash,
        integration_id: parcel.integrationId,
        outcome: parcel.outcome,
        answer_status: parcel.answerStatus,
        reason: parcel.reason,
        content_type: parcel.contentType,
        headers: parcel.headers,
        body_at: body.at,
        body_length: body.length,
        event_count: parcel.count,
        events_at: events.at,
        events_length: events.length,
      }
    }),
  )
  const rows = await db.query<Row>('keep', KEEP, [Buffer.concat(runs, length), given, slot])
  return {
    now: rows[0]!.now,
    ids: new Map(rows.flatMap((row) => (row.position === null ? [] : [[row.position, row.id]]))),
  }
}
