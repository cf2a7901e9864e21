import { expect, it } from 'vitest'
import { backlog } from './backlog.ts'

it('hands over what came, in its order, until more came than it keeps', () => {
  const lines = backlog<number>(3)
  expect(lines.waits()).toBe(false)
  lines.add([1, 2])
  lines.add([3])
  expect(lines.waits()).toBe(true)
  expect(lines.take()).toEqual([1, 2, 3])
  expect(lines.waits()).toBe(false)
  lines.add([4, 5])
  lines.add([6, 7])
  lines.add([8])
  expect(lines.waits()).toBe(true)
  expect(lines.take()).toBeUndefined()
  lines.add([9])
  expect(lines.take()).toEqual([9])
})
