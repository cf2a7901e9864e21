import { describe, expect, it } from 'vitest'
import { spansOf, typedSpan } from './week.ts'

const span = (day: number, from: string, to: string) => ({ day, from, to })

describe('the hours of a week, as they are typed', () => {
  it('pass midnight in two spans, from Sunday into Monday too', () => {
    expect(spansOf([span(5, '22:00', '06:00'), span(7, '22:00', '06:00')])).toEqual([
      span(5, '22:00', '24:00'),
      span(6, '00:00', '06:00'),
      span(7, '22:00', '24:00'),
      span(1, '00:00', '06:00'),
    ])
  })

  it('end at midnight, and so does a whole day', () => {
    expect(spansOf([span(1, '22:00', '00:00'), span(2, '00:00', '00:00')])).toEqual([
      span(1, '22:00', '24:00'),
      span(2, '00:00', '24:00'),
    ])
    expect(typedSpan(span(1, '22:00', '24:00'))).toEqual(span(1, '22:00', '00:00'))
  })

  it('stay as they are where they lie within a day, or make no sense', () => {
    const given = [span(1, '09:00', '17:30'), span(2, '09:00', '09:00'), span(3, '09:00', '')]
    expect(spansOf(given)).toEqual(given)
    expect(given.map(typedSpan)).toEqual(given)
  })
})
