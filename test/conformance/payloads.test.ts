import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { decodeBody } from '@tocsin/ingest/decode'
import { circumstancesOf } from '@tocsin/ingest/place'
import { tryBody } from '@tocsin/ingest/try'
import { Event } from '@tocsin/desk'
import { ADAPTERS } from '@tocsin/ingest/adapters/registry'
import { describe, expect, test } from 'vitest'
import { fixtures } from '../harness/fixtures.ts'

// The folder a message lies in is the door's name, but for this one.
const doorOf = ({ file }: Sample) => {
  const folder = file.split('/')[0]!
  return (folder === 'prometheus_api_v2' ? 'prometheus' : folder) as keyof typeof ADAPTERS
}

interface Sample {
  file: string
  kind: string
  method: string
  query?: string
  content_type: string
  pair?: string
  headers: Record<string, string>
  expect: {
    alerts: {
      status: string
      severity_raw: string | number | null
      title: string | null
      dedup_key_parts: { value: unknown }[]
      note?: string
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
      (sample) => doorOf(sample) in ADAPTERS,
    )
  : []

/** As its sender sends it; where that is to a path of its own, the manifest says which. */
function read(sample: Sample) {
  const address = new URL(sample.query?.split(' ')[1] ?? '', 'http://door')
  return tryBody(doorOf(sample), readFileSync(join(folder ?? '', sample.file)), {
    method: sample.method,
    path: address.pathname === '/' ? '' : address.pathname,
    query: Object.fromEntries(address.searchParams),
    headers: { ...sample.headers, 'Content-Type': sample.content_type },
    receivedAt,
  })
}

type Told = Sample['expect']['alerts'][number]
/** What both sides say, instants to the millisecond, a severity that was sent as a number in words. */
const told = (alert: Pick<Told, Exclude<keyof Told, 'dedup_key_parts' | 'note'>>) => ({
  status: alert.status,
  severity_raw: alert.severity_raw === null ? null : String(alert.severity_raw),
  title: alert.title,
  resource: alert.resource,
  service: alert.service,
  host: alert.host,
  starts_at: alert.starts_at && Date.parse(alert.starts_at),
  ends_at: alert.ends_at && Date.parse(alert.ends_at),
})

/** Acknowledgements are read, too; the manifest names alerts that fire or are over. */
const alertsOf = ({ events }: Awaited<ReturnType<typeof tryBody>>) =>
  events.filter(({ status }) => status !== 'acknowledged')

describe.skipIf(!folder)('every real message (TOCSIN_FIXTURES) is read as its sender means it', () => {
  test.each(samples.map((sample) => [sample.file, sample] as const))('%s', async (_file, sample) => {
    const tried = await read(sample)
    expect(tried.answer.status).toBeGreaterThanOrEqual(200)
    expect(tried.answer.status).toBeLessThan(300)
    expect(tried.unreadable).toEqual([])
    expect(alertsOf(tried).map(told)).toEqual(sample.expect.alerts.map(told))
    if (sample.kind === 'test_button') for (const event of tried.events) expect(event.kind).toBe('test')
  })

  test('alerts are the same alert exactly where their identifying parts are equal', async () => {
    const seen: { door: string; key: string; parts: string }[] = []
    for (const sample of samples)
      for (const [position, event] of alertsOf(await read(sample)).entries()) {
        const meant = sample.expect.alerts[position]
        const parts = meant?.dedup_key_parts.map((part) => sorted(part.value))
        // Where a note has to say in words which alert is meant, the adapter's own test holds it.
        if (parts && !meant?.note)
          seen.push({ door: doorOf(sample), key: event.dedup_key, parts: JSON.stringify(parts) })
      }
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
  const eventsOf = async (system: string) => {
    const samples = new URL(`../../ingest/samples/${system}/`, import.meta.url)
    const circumstances = circumstancesOf({ path: '', query: {} }, { headers: {}, receivedAt })
    const read = readdirSync(samples).map(async (file) => {
      const type = file.endsWith('.form') ? 'application/x-www-form-urlencoded' : 'application/json'
      const { payload } = await decodeBody(readFileSync(new URL(file, samples)), type)
      return ADAPTERS[system as keyof typeof ADAPTERS].read(payload, circumstances)
    })
    return Promise.all(read)
  }

  test.each(Object.keys(ADAPTERS))('%s: each is read into the normal form', async (system) => {
    const samples = await eventsOf(system)
    expect(samples.length).toBeGreaterThan(0)
    for (const events of samples) expect(events.length).toBeGreaterThan(0)
    for (const event of samples.flat()) expect(() => Event.parse(event)).not.toThrow()
  })

  test.each(Object.keys(ADAPTERS))('%s: a recovery ends what another sample began', async (system) => {
    const events = (await eventsOf(system)).flat().filter((event) => event.kind !== 'unreadable')
    const began = events.filter(({ kind }) => kind === 'trigger').map((event) => event.dedup_key)
    const ended = events.filter(({ kind }) => kind === 'resolve').map((event) => event.dedup_key)
    const isPaired = began.length === 0 || ended.length === 0 || ended.some((key) => began.includes(key))
    expect(isPaired).toBe(true)
  })
})
