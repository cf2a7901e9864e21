import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Event } from '@tocsin/desk'
import { WrongBody } from '@tocsin/ingest/adapters/adapter'
import { ADAPTERS } from '@tocsin/ingest/adapters/registry'
import { decodeBody } from '@tocsin/ingest/decode'
import { circumstancesOf } from '@tocsin/ingest/place'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { fixtures } from '../harness/fixtures.ts'

type System = keyof typeof ADAPTERS
type Path = (string | number)[]

const SYSTEMS = Object.keys(ADAPTERS) as System[]
const receivedAt = new Date()
const circumstances = circumstancesOf({ path: '', query: {} }, { headers: {}, receivedAt })

// What a field may hold in place of what its sender means: nothing, another type, too much, or a trap.
const ODD: unknown[] = [
  null,
  '',
  0,
  -1,
  1e21,
  true,
  false,
  [],
  [null],
  [[]],
  {},
  { id: null },
  'x'.repeat(5_000),
  '{"a":',
  '[1]',
  '__proto__',
  'constructor',
  'toString',
  '0001-01-01T00:00:00Z',
  '9999-99-99 99:99:99',
  'javascript:alert(1)',
  // What templates leave where a variable stays unexpanded.
  '$ALERT_ID',
  '*monitorID*',
  '{EVENT.ID}',
  '$EVENT.NAME$',
  '   ',
  253_402_300_799,
  '{{ .Status }}',
  '##INTERNALID##',
]

/** The same said in another type, as another version of its sender might: a number as text, one thing as a list of one. */
function retyped(value: unknown): unknown[] {
  if (typeof value === 'number' || typeof value === 'boolean') return [String(value), [value]]
  if (typeof value === 'string')
    return value !== '' && Number.isFinite(Number(value)) ? [Number(value), [value]] : [[value]]
  if (Array.isArray(value)) return [value[0], Object.fromEntries(value.entries())]
  return typeof value === 'object' && value !== null
    ? [[value], JSON.stringify(value), Object.values(value)]
    : []
}

async function samplesOf(system: System): Promise<unknown[]> {
  const folder = new URL(`../../ingest/samples/${system}/`, import.meta.url)
  const parsed = await Promise.all(
    readdirSync(folder).map((file) =>
      decodeBody(
        readFileSync(new URL(file, folder)),
        file.endsWith('.form') ? 'application/x-www-form-urlencoded' : 'application/json',
      ),
    ),
  )
  return parsed.map(({ payload }) => payload)
}

const fixed = fixtures('payloads')
/** Those that really were sent, where they are at hand. */
async function realOf(system: System): Promise<unknown[]> {
  const folder = join(fixed ?? '', system === 'prometheus' ? 'prometheus_api_v2' : system)
  if (!fixed || !existsSync(folder)) return []
  const files = readdirSync(folder).filter((file) => file.endsWith('.json'))
  const read = files.map((file) => decodeBody(readFileSync(join(folder, file)), 'application/json'))
  return (await Promise.allSettled(read)).flatMap((one) =>
    one.status === 'fulfilled' ? [one.value.payload] : [],
  )
}

/** Every place in a body, also those of whole objects and lists. */
function placesOf(value: unknown, before: Path = []): Path[] {
  if (typeof value !== 'object' || value === null) return []
  const entries = Array.isArray(value) ? value.map((one, at) => [at, one] as const) : Object.entries(value)
  return entries.flatMap(([name, inner]) => [[...before, name], ...placesOf(inner, [...before, name])])
}

const at = (body: unknown, place: Path): unknown =>
  place.reduce((inner: unknown, name) => (inner as Record<string | number, unknown>)[name], body)

/** The body with another value at this place, or, for `undefined`, without it. */
function changed(body: unknown, [name, ...rest]: Path, odd: unknown): unknown {
  if (name === undefined) return odd
  const copy = (Array.isArray(body) ? [...body] : { ...(body as object) }) as Record<string | number, unknown>
  if (rest.length === 0 && odd === undefined) {
    if (Array.isArray(copy)) copy.splice(Number(name), 1)
    else delete copy[name]
  } else copy[name] = changed(copy[name], rest, odd)
  return copy
}

/** Read as the door reads: events of the normal form, dead letters, or a refusal; else what went wrong. */
function faultOf(system: System, body: unknown): string | null {
  try {
    for (const event of ADAPTERS[system].read(body, circumstances))
      if (event.kind !== 'unreadable') {
        Event.parse(event)
        if (event.dedup_key.trim() === '') return `nothing names it: ${JSON.stringify(body).slice(0, 2_000)}`
      } else if (event.reason.startsWith('It could not be read')) return event.reason
    return null
  } catch (error) {
    return error instanceof WrongBody ? null : `${String(error)} on ${JSON.stringify(body).slice(0, 2_000)}`
  }
}

describe('a body with one field missing or odd is read, refused or put aside, never stumbled over', () => {
  const faultsOf = (system: System, bodies: unknown[], odd: unknown[]) =>
    bodies.flatMap((body) =>
      placesOf(body).flatMap((place) =>
        [undefined, ...odd, ...retyped(at(body, place))].map((other) =>
          faultOf(system, changed(body, place, other)),
        ),
      ),
    )

  test.each(SYSTEMS)('%s: each field in turn', async (system) => {
    const faults = faultsOf(system, await samplesOf(system), ODD)
    expect(faults.length).toBeGreaterThan(ODD.length)
    expect(faults.filter((fault) => fault !== null)).toEqual([])
  })

  test.skipIf(!fixed).each(SYSTEMS)('%s: each field of what was really sent', async (system) => {
    const faults = faultsOf(system, await realOf(system), [null])
    expect(faults.filter((fault) => fault !== null)).toEqual([])
  })

  test.each(SYSTEMS)('%s: several at once, and anything at all', async (system) => {
    const samples = await samplesOf(system)
    const mixed = fc.constantFrom(...samples).chain((body) =>
      fc
        .array(fc.tuple(fc.constantFrom(...placesOf(body)), fc.constantFrom(undefined, ...ODD)), {
          minLength: 2,
          maxLength: 6,
        })
        .map((changes) => changes.reduce((now, [place, odd]) => changedWhereItIs(now, place, odd), body)),
    )
    fc.assert(
      fc.property(fc.oneof({ weight: 4, arbitrary: mixed }, fc.jsonValue()), (body) => {
        expect(faultOf(system, body)).toBeNull()
      }),
      { seed: 20_261_122, numRuns: 150 },
    )
  })
})

/** An earlier change may have taken the place away. */
const changedWhereItIs = (body: unknown, place: Path, odd: unknown): unknown =>
  placesOf(body).some((known) => known.join('\0') === place.join('\0')) ? changed(body, place, odd) : body
