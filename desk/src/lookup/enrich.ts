import { sql } from 'kysely'
import type { Tx } from '../activity/index.ts'
import { type Event, LABELS } from '../event/index.ts'

/** A look-up in force, as a batch needs it. */
export interface Lookup {
  id: string
  name: string
  /** `host`, `labels.customer`, … */
  field: string
  version: number
}

type Labels = Record<string, string>
interface Row {
  lookup_id: string
  value: string
  labels: Labels
}

/** The look-ups in force, in the order of their names: where two add the same label, the first does. */
export const LOOKUPS = sql`coalesce((
  select jsonb_agg(jsonb_build_object('id', id, 'name', name, 'field', field, 'version', version) order by lower(name))
  from lookup where archived_at is null), '[]')`

/**
 * Adds to triggers what look-ups know of them: labels that the sender did not send, each marked with the look-up
 * that it came from. One read for the whole batch; none where there are no look-ups.
 */
export async function enrichEvents<E extends { kind: string }>(
  tx: Tx,
  lookups: Lookup[],
  events: (E | Event)[],
): Promise<(E | Event)[]> {
  if (lookups.length === 0) return events
  const triggers = events.filter(isTrigger)
  const asked = lookups.flatMap(({ id, field, version }) =>
    [...new Set(triggers.flatMap((event) => valueOf(event, field) ?? []))].map((value) => ({
      id,
      version,
      value,
    })),
  )
  if (asked.length === 0) return events
  const { rows } = await sql<Row>`
    select r.lookup_id, r.value, r.labels
    from jsonb_to_recordset(${JSON.stringify(asked)}::jsonb) as a(id uuid, version int, value text)
    join lookup_row r on r.lookup_id = a.id and r.version = a.version and r.value = a.value`.execute(tx.db)
  const known = new Map(rows.map((row) => [`${row.lookup_id} ${row.value}`, row.labels]))
  return events.map((event) => (isTrigger(event) ? enrich(event, lookups, known) : event))
}

const isTrigger = (event: { kind: string }): event is Event => event.kind === 'trigger'

function enrich(event: Event, lookups: Lookup[], known: Map<string, Labels>): Event {
  const labels = { ...event.labels }
  const enriched: Labels = {}
  for (const { id, name, field } of lookups) {
    const value = valueOf(event, field)
    const found = value === null ? undefined : known.get(`${id} ${value}`)
    for (const [label, text] of Object.entries(found ?? {})) {
      if (Object.hasOwn(labels, label) || Object.keys(labels).length >= LABELS) continue
      labels[label] = text
      enriched[label] = name
    }
  }
  // What is as it waited moves on as it is; only what has changed is written anew.
  return Object.keys(enriched).length === 0 ? event : { ...event, labels, enriched }
}

/** What of the event is looked up: as sent, in lower case; of a host, without its port. */
function valueOf(event: Event, field: string): string | null {
  const [head, ...rest] = field.split('.')
  const name = rest.join('.')
  const value =
    head === 'labels'
      ? Object.hasOwn(event.labels, name)
        ? event.labels[name]
        : null
      : event[head as 'host' | 'resource' | 'service' | 'dedup_key']
  const text = head === 'host' ? value?.replace(/:\d+$/, '') : value
  return text?.trim().toLowerCase() || null
}
