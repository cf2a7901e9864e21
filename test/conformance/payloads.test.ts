import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { tryBody } from '@tocsin/ingest/try'
import { Event } from '@tocsin/desk'
import { ADAPTERS } from '@tocsin/ingest/adapters/registry'
import { describe, expect, test } from 'vitest'
import { fixtures } from '../harness/fixtures.ts'

// The folder a message lies in, and the door that reads it.
const DOORS: Record<string, keyof typeof ADAPTERS> = {
  alertmanager: 'alertmanager',
  prometheus_api_v2: 'prometheus',
}

interface Sample {
  file: string
  kind: string
  pair?: string
  headers: Record<string, string>
  expect: {
    alerts: {
      status: string
      severity_raw: string | null
      title: string | null
      dedup_key_parts: { value: unknown }[]
      resource: string | null
      service: string | null
      host: string | null
      starts_at: string | null
      ends_at: string | null
    }[]
  }
}

const folder = fixtures('payloads')
const receivedAt = new Date()
const samples = folder
  ? (JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8')) as Sample[]).filter(
      (sample) => sample.file.split('/')[0]! in DOORS,
    )
  : []
const doorOf = (sample: Sample) => DOORS[sample.file.split('/')[0]!]!
const read = (sample: Sample) =>
  tryBody(doorOf(sample), readFileSync(join(folder ?? '', sample.file)), {
    headers: sample.headers,
    receivedAt,
  })

type Told = Sample['expect']['alerts'][number]
/** What both sides say, instants to the millisecond. */
const told = (alert: Pick<Told, Exclude<keyof Told, 'dedup_key_parts'>>) => ({
  status: alert.status,
  severity_raw: alert.severity_raw,
  title: alert.title,
  resource: alert.resource,
  service: alert.service,
  host: alert.host,
  starts_at: alert.starts_at && Date.parse(alert.starts_at),
  ends_at: alert.ends_at && Date.parse(alert.ends_at),
})

describe.skipIf(!folder)('every real message (TOCSIN_FIXTURES) is read as its sender means it', () => {
  test.each(samples.map((sample) => [sample.file, sample] as const))('%s', (_file, sample) => {
    const tried = read(sample)
    expect(tried.answer?.status).toBe(200)
    expect(tried.unreadable).toEqual([])
    expect(tried.events.map(told)).toEqual(sample.expect.alerts.map(told))
  })

  test('alerts are the same alert exactly where their identifying parts are equal', () => {
    const seen = samples.flatMap((sample) =>
      read(sample).events.map((event, position) => ({
        door: doorOf(sample),
        key: event.dedup_key,
        parts: JSON.stringify(
          sample.expect.alerts[position]!.dedup_key_parts.map((part) => sorted(part.value)),
        ),
      })),
    )
    const pairs = seen.flatMap((a) => seen.filter((b) => b.door === a.door).map((b) => ({ a, b })))
    expect(pairs.length).toBeGreaterThan(seen.length)
    expect(pairs.filter(({ a, b }) => (a.key === b.key) !== (a.parts === b.parts))).toEqual([])
  })
})

function sorted(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value
  return Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1))
}

describe('our own samples', () => {
  test.each(Object.keys(ADAPTERS))('%s: each is read into the normal form', (system) => {
    const samples = new URL(`../../ingest/samples/${system}/`, import.meta.url)
    const files = readdirSync(samples)
    expect(files.length).toBeGreaterThan(0)
    for (const file of files) {
      const payload: unknown = JSON.parse(readFileSync(new URL(file, samples), 'utf8'))
      const events = ADAPTERS[system as keyof typeof ADAPTERS].read(payload, { headers: {}, receivedAt })
      for (const event of events) expect(() => Event.parse(event)).not.toThrow()
    }
  })
})
