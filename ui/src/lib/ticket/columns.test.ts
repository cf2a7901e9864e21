import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  type Column,
  columnLabels,
  columnNames,
  columnsIn,
  fieldsAsked,
  gridOf,
  moved,
  usualColumns,
} from './columns.ts'

describe('the columns of a list', () => {
  test.each<[number, Column[], Column[]]>([
    [2000, [...usualColumns], [...usualColumns]],
    [510, ['number', 'title', 'team', 'sla'], ['number', 'title', 'team']],
    [250, ['number', 'title', 'team', 'sla'], ['title']],
    [10, ['sla', 'title'], ['title']],
    [400, ['title', 'field.serial', 'team'], ['title', 'field.serial']],
  ])('in %i pixels of %j are %j', (width, asked, shown) => {
    expect(columnsIn(width, asked)).toEqual(shown)
  })

  const some = fc.subarray([...columnNames], { minLength: 1 }).filter((names) => names.includes('title'))
  test('keep their order and their title, and more room takes none away', () => {
    fc.assert(
      fc.property(some, fc.integer({ min: 0, max: 2500 }), (asked, width) => {
        const [shown, wider] = [columnsIn(width, asked), columnsIn(width + 100, asked)]
        expect(shown).toContain('title')
        expect(asked.filter((name) => shown.includes(name))).toEqual(shown)
        expect(shown.every((name) => wider.includes(name))).toBe(true)
        expect(gridOf(shown).match(/minmax/g)).toHaveLength(shown.length)
      }),
    )
  })

  test('may be answers to questions, which the list is asked for', () => {
    expect(fieldsAsked(['title', 'field.serial', 'team', 'field.price'])).toBe('serial,price')
    expect([fieldsAsked(['title']), fieldsAsked(null)]).toEqual([undefined, undefined])
    expect(columnLabels([])('field.serial')).toBe('serial')
  })

  test('are moved one step, and not past the ends', () => {
    expect(moved(['number', 'title', 'sla'], 'sla', -1)).toEqual(['number', 'sla', 'title'])
    expect(moved(['number', 'title'], 'number', -1)).toEqual(['number', 'title'])
    expect(moved(['number', 'title'], 'sla', 1)).toEqual(['number', 'title'])
  })
})
