import { Temporal } from 'temporal-polyfill'
import { describe, expect, it } from 'vitest'
import type { Override, Rotation, ScheduleVersion } from './schedule.ts'
import { shiftsOf, whoIsOn } from './who.ts'

const PEOPLE = ['ada', 'bea', 'cyd']
const rotation = (given: Partial<Rotation>): Rotation => ({
  name: 'primary',
  every: 'day',
  length: 1,
  starts_on: '2011-12-01',
  handoff: '09:00',
  people: PEOPLE,
  ...given,
})
const version = (zone: string, ...rotations: Rotation[]): ScheduleVersion => ({
  id: 'v1',
  scheduleId: 'night',
  version: 1,
  effectiveFrom: new Date('2011-01-01T00:00Z'),
  zone,
  rotations,
})

/** The other way: walks from the first handoff, date by date, and keeps whoever took over last. */
function byWalking(rotation: Rotation, zone: string, until: number): (at: number) => string | undefined {
  const stride = rotation.length * (rotation.every === 'week' ? 7 : 1)
  const handoffs: { at: number; person: string }[] = []
  let date = Temporal.PlainDate.from(rotation.starts_on)
  for (let turn = 0; (handoffs.at(-1)?.at ?? 0) < until; turn++, date = date.add({ days: stride })) {
    const wall = date
      .toPlainDateTime(rotation.handoff)
      .toZonedDateTime(zone, { disambiguation: 'compatible' })
    handoffs.push({ at: wall.epochMilliseconds, person: rotation.people[turn % rotation.people.length]! })
  }
  return (at) => handoffs.findLast((handoff) => handoff.at <= at)?.person
}

const MINUTE = 60_000
const NIGHTS = [
  { zone: 'Europe/Warsaw', night: 'loses 02:00–03:00', from: '2026-03-28T12:00Z', hours: 36 },
  { zone: 'Europe/Warsaw', night: 'repeats 02:00–03:00', from: '2026-10-24T12:00Z', hours: 36 },
  { zone: 'America/Chicago', night: 'loses 02:00–03:00', from: '2026-03-07T18:00Z', hours: 36 },
  { zone: 'America/Chicago', night: 'repeats 01:00–02:00', from: '2026-10-31T18:00Z', hours: 36 },
  { zone: 'Australia/Lord_Howe', night: 'loses half an hour', from: '2026-10-03T03:00Z', hours: 36 },
  { zone: 'Australia/Lord_Howe', night: 'repeats half an hour', from: '2026-04-04T03:00Z', hours: 36 },
  { zone: 'Pacific/Apia', night: 'skips 30 December 2011', from: '2011-12-29T12:00Z', hours: 60 },
]
const SHAPES: [string, Partial<Rotation>][] = [
  ['daily at 09:00', {}],
  ['daily inside the night, 02:30', { handoff: '02:30' }],
  ['daily inside Lord Howe’s half hour, 01:45', { handoff: '01:45' }],
  ['daily at midnight', { handoff: '00:00' }],
  ['weekly, handing over on the night', { every: 'week', handoff: '02:00' }],
  ['every three days', { length: 3, handoff: '02:15', people: ['ada', 'bea'] }],
]

describe.each(NIGHTS)('the night in $zone that $night', ({ zone, from, hours }) => {
  it.each(SHAPES)('has exactly one person in each minute: %s', (_, shape) => {
    const start = Date.parse(from)
    const end = start + hours * 60 * MINUTE
    const starts_on = Temporal.Instant.from(from).toZonedDateTimeISO(zone).toPlainDate()
    // Whole weeks before, so that they hand over on the very night.
    const rota = rotation({ ...shape, starts_on: starts_on.subtract({ days: 105 }).toString() })
    const rule = version(zone, rota)
    const shifts = shiftsOf([rule], [], new Date(start), new Date(end))
    const walked = byWalking(rota, zone, end)

    const wrong: string[] = []
    for (let at = start; at < end; at += MINUTE) {
      const on = shifts.filter((shift) => shift.from.getTime() <= at && at < shift.to.getTime())
      const seen = on.map((shift) => shift.personId).join('+')
      if (seen !== walked(at)) wrong.push(`${new Date(at).toISOString()}: ${seen}, not ${walked(at)}`)
    }
    expect(wrong).toEqual([])
  })
})

describe('handing over', () => {
  const handoffs = (zone: string, rota: Partial<Rotation>, from: string, to: string) =>
    shiftsOf([version(zone, rotation(rota))], [], new Date(from), new Date(to)).map((shift) => [
      shift.personId,
      shift.from.toISOString(),
    ])

  it('keeps the wall time when the clocks change, so one shift has 23 hours', () => {
    const given = { starts_on: '2026-03-27', handoff: '09:00' }
    expect(handoffs('Europe/Rome', given, '2026-03-27T08:00Z', '2026-03-30T08:00Z')).toEqual([
      ['ada', '2026-03-27T08:00:00.000Z'],
      ['bea', '2026-03-28T08:00:00.000Z'],
      ['cyd', '2026-03-29T07:00:00.000Z'],
      ['ada', '2026-03-30T07:00:00.000Z'],
    ])
  })
  it('happens when the clock comes back, where its time is jumped over', () => {
    const given = { starts_on: '2026-03-28', handoff: '02:30' }
    expect(handoffs('Europe/Rome', given, '2026-03-29T00:00Z', '2026-03-29T12:00Z')).toEqual([
      ['ada', '2026-03-29T00:00:00.000Z'],
      ['bea', '2026-03-29T01:30:00.000Z'],
    ])
  })
  it('gives the person of a skipped day no turn, and nobody’s turn twice', () => {
    const given = { starts_on: '2011-12-29', handoff: '09:00' }
    expect(handoffs('Pacific/Apia', given, '2011-12-29T19:00Z', '2012-01-01T18:00Z')).toEqual([
      ['ada', '2011-12-29T19:00:00.000Z'],
      ['cyd', '2011-12-30T19:00:00.000Z'],
      ['ada', '2011-12-31T19:00:00.000Z'],
    ])
  })
})

describe('layers, versions and overrides', () => {
  const rome = version('Europe/Rome', rotation({ starts_on: '2026-01-05', people: ['ada'] }))
  const on = (versions: ScheduleVersion[], overrides: Override[], at: string) =>
    whoIsOn(versions, overrides, new Date(at))?.personId
  const override = (id: string, personId: string, from: string, to: string): Override => ({
    id,
    scheduleId: 'night',
    personId,
    startsAt: new Date(from),
    endsAt: new Date(to),
    createdAt: new Date(`2026-01-0${id}T00:00Z`),
  })

  it('leaves nobody before the first handoff', () => {
    expect(on([rome], [], '2026-01-05T07:59:59.999Z')).toBeUndefined()
    expect(on([rome], [], '2026-01-05T08:00Z')).toBe('ada')
  })
  it('lets the last layer that has begun and has people decide', () => {
    const layered = version(
      'Europe/Rome',
      rotation({ starts_on: '2026-01-05', people: ['ada'] }),
      rotation({ name: 'second', starts_on: '2026-02-01', people: ['bea'] }),
      rotation({ name: 'empty', starts_on: '2026-01-01', people: [] }),
    )
    expect(on([layered], [], '2026-01-31T12:00Z')).toBe('ada')
    expect(on([layered], [], '2026-02-01T08:00Z')).toBe('bea')
  })
  it('takes the version in force at the instant asked, not the newest', () => {
    const next: ScheduleVersion = {
      ...version('Europe/Rome', rotation({ people: ['bea'] })),
      version: 2,
      effectiveFrom: new Date('2026-03-01T00:00Z'),
    }
    expect(on([rome, next], [], '2026-02-28T23:59Z')).toBe('ada')
    expect(on([rome, next], [], '2026-03-01T00:00Z')).toBe('bea')
  })
  it('puts an override on top, the newer of two, and says for whom it stands in', () => {
    const older = override('1', 'bea', '2026-01-10T00:00Z', '2026-01-11T00:00Z')
    const newer = override('2', 'cyd', '2026-01-10T12:00Z', '2026-01-10T13:00Z')
    const shifts = shiftsOf(
      [rome],
      [newer, older],
      new Date('2026-01-10T00:00Z'),
      new Date('2026-01-11T12:00Z'),
    )
    expect(
      shifts.map((shift) => [shift.personId, shift.from.toISOString().slice(8, 16), shift.why.override_id]),
    ).toEqual([
      ['bea', '10T00:00', '1'],
      ['cyd', '10T12:00', '2'],
      ['bea', '10T13:00', '1'],
      ['ada', '11T00:00', null],
      ['ada', '11T08:00', null],
    ])
    expect(shifts[0]!.why).toMatchObject({ instead_of: 'ada', version: 1 })
  })
})
