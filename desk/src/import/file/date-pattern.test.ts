import { describe, expect, it } from 'vitest'
import { compilePattern } from './date-pattern.ts'

const read = (pattern: string, text: string) => {
  const wall = compilePattern(pattern)(text)
  return wall === undefined ? undefined : new Date(wall).toISOString().slice(0, 19)
}

describe('a form of dates', () => {
  it.each([
    ['d/M/yyyy HH:mm', '29/2/2016 01:16', '2016-02-29T01:16:00'],
    ['d/M/yyyy HH:mm', '1/12/2016 23:59', '2016-12-01T23:59:00'],
    ['d/MMM/yy h:mm a', '12/Mar/24 9:05 AM', '2024-03-12T09:05:00'],
    ['d/MMM/yy h:mm a', '12/Mar/24 12:05 AM', '2024-03-12T00:05:00'],
    ['d/MMM/yy h:mm a', '12/Mar/24 12:05 PM', '2024-03-12T12:05:00'],
    ['MMM d, yyyy, h:mm a', 'Sep 1, 2024, 4:00 PM', '2024-09-01T16:00:00'],
    ["yyyy-MM-dd'T'HH:mm:ss", '2024-02-29T10:11:12', '2024-02-29T10:11:12'],
    ['dd.MM.yyyy', '31.12.1999', '1999-12-31T00:00:00'],
  ])('%s reads %s', (pattern, text, wall) => expect(read(pattern, text)).toBe(wall))

  it.each([
    ['d/M/yyyy HH:mm', '30/2/2016 01:16'],
    ['d/M/yyyy HH:mm', '1/13/2016 01:16'],
    ['d/M/yyyy HH:mm', '1/1/2016 24:00'],
    ['d/M/yyyy HH:mm', '1/1/2016'],
    ['d/M/yyyy HH:mm', 'x1/1/2016 01:00'],
    ['d/M/yyyy h:mm a', '1/1/2016 13:00 PM'],
    ['d/MMM/yyyy', '1/Foo/2016'],
  ])('%s refuses %s', (pattern, text) => expect(read(pattern, text)).toBeUndefined())

  it.each(['HH:mm', 'dd dd MM yyyy', 'yyyy', ''])('cannot be “%s”', (pattern) =>
    expect(() => compilePattern(pattern)).toThrow(RangeError),
  )
})
