import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { database, type TestDatabase } from '../../../test/harness/index.ts'
import { DeskError, SYSTEM, transact } from '../activity/index.ts'
import {
  archiveCalendar,
  calendarHistory,
  calendarsInForce,
  createCalendar,
  editCalendar,
  type Hours,
  previewHours,
} from './index.ts'
import { checkHours } from './check.ts'

const office: Hours = {
  zone: 'Europe/Rome',
  weekly: [{ day: 1, from: '09:00', to: '17:30' }],
  holidays: [],
  always: false,
}

describe('hours that make no sense', () => {
  const span = (from: string, to: string, day = 1) => ({ day, from, to })
  it.each<[string, Partial<Hours>, string[]]>([
    ['an unknown zone', { zone: 'Mars/Olympus' }, ['zone']],
    ['a bare offset', { zone: '+02:00' }, ['zone']],
    ['no hours at all', { weekly: [] }, ['weekly']],
    ['hours of a calendar that is always open', { always: true }, ['weekly']],
    ['an end before the start', { weekly: [span('17:00', '09:00')] }, ['weekly.0.to']],
    ['an end at the start', { weekly: [span('09:00', '09:00')] }, ['weekly.0.to']],
    ['an overlap', { weekly: [span('09:00', '12:00'), span('11:59', '13:00')] }, ['weekly.1']],
    [
      'no wall times',
      { weekly: [span('9', '12:00'), span('09:00', '24:30')] },
      ['weekly.0.from', 'weekly.1.to'],
    ],
    ['an eighth day', { weekly: [span('09:00', '12:00', 8)] }, ['weekly.0.day']],
    ['a date that is none', { holidays: [{ date: '2026-02-30', name: 'x' }] }, ['holidays.0.date']],
    [
      'a date twice',
      { holidays: ['2026-12-25', '2026-12-25'].map((date) => ({ date, name: 'x' })) },
      ['holidays.1.date'],
    ],
  ])('%s is refused, field by field', (_, change, paths) => {
    const error = caught(() => checkHours({ ...office, ...change }))
    expect(error.details.errors?.map((field) => field.path)).toEqual(paths)
  })

  it('spans that touch, other days and midnight are fine', () => {
    const weekly = [span('09:00', '12:00'), span('12:00', '24:00'), span('09:00', '10:00', 2)]
    expect(() => checkHours({ ...office, weekly })).not.toThrow()
    expect(() => checkHours({ ...office, weekly: [], always: true })).not.toThrow()
  })
})

describe('a preview', () => {
  const week: Hours = {
    zone: 'Europe/Rome',
    weekly: [1, 2, 3, 4, 5].map((day) => ({ day, from: '09:00', to: '17:00' })),
    holidays: [{ date: '2026-12-08', name: 'Immacolata' }],
    always: false,
  }

  it('says when a promise is due, which stretches count and which holidays do not', () => {
    // Monday 15:00 in Rome, and Tuesday is a holiday.
    const at = new Date('2026-12-07T14:00:00Z')
    expect(previewHours(week, at, 8 * 3_600_000)).toEqual({
      due: new Date('2026-12-09T14:00:00Z'),
      counted: [
        { from: +at, to: Date.parse('2026-12-07T16:00:00Z') },
        { from: Date.parse('2026-12-09T08:00:00Z'), to: Date.parse('2026-12-09T14:00:00Z') },
      ],
      skipped: [
        {
          from: Date.parse('2026-12-07T23:00:00Z'),
          to: Date.parse('2026-12-08T23:00:00Z'),
          name: 'Immacolata',
        },
      ],
    })
  })

  it('refuses the hours that saving would refuse', () => {
    expect(caught(() => previewHours({ ...week, weekly: [] }, new Date(), 1)).details.errors).toMatchObject([
      { path: 'weekly' },
    ])
  })
})

describe('a calendar', () => {
  let test: TestDatabase
  beforeAll(async () => {
    test = await database()
  })
  afterAll(() => test.drop())

  it('gains versions and never changes one; a planned version waits for its day', async () => {
    const id = await transact(test.db, SYSTEM, (tx) => createCalendar(tx, { name: 'Office', ...office }))
    const first = (await calendarsInForce(test.db, new Date(), [id])).get(id)!
    const nextYear = new Date(Date.now() + 365 * 86_400_000)
    const holidays = [{ date: '2030-01-01', name: 'New Year' }]
    await transact(test.db, SYSTEM, (tx) =>
      editCalendar(tx, { id, holidays, effectiveFrom: nextYear, seenVersion: 1 }),
    )

    expect((await calendarsInForce(test.db, new Date(), [id])).get(id)).toEqual(first)
    const later = (await calendarsInForce(test.db, new Date(+nextYear + 1), [id])).get(id)!
    expect(later).toMatchObject({ version: 2, holidays, weekly: office.weekly, name: 'Office' })
    expect((await calendarHistory(test.db, id)).map((version) => version.version)).toEqual([2, 1])
  })

  it('says what stands in the way: a name that is taken, a change meanwhile, the past', async () => {
    const id = await transact(test.db, SYSTEM, (tx) => createCalendar(tx, { name: 'Night', ...office }))
    const refused = (edit: Parameters<typeof editCalendar>[1]) =>
      transact(test.db, SYSTEM, (tx) => editCalendar(tx, edit)).then(
        () => 'done',
        (error: DeskError) => error.code,
      )
    expect(await refused({ id, name: 'Office' })).toBe('conflict')
    expect(await refused({ id, zone: 'UTC', seenVersion: 7 })).toBe('stale')
    expect(await refused({ id, zone: 'UTC', effectiveFrom: new Date(0) })).toBe('invalid')
    await transact(test.db, SYSTEM, (tx) => archiveCalendar(tx, id))
    expect(await refused({ id, zone: 'UTC' })).toBe('not_found')
  })
})

function caught(work: () => void): DeskError {
  try {
    work()
  } catch (error) {
    if (error instanceof DeskError) return error
    throw error
  }
  throw new Error('It was accepted.')
}
