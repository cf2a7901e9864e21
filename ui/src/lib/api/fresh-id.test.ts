import { expect, test } from 'vitest'
import { freshId } from './fresh-id.ts'

test('is a UUID, another each time', () => {
  const ids = Array.from({ length: 100 }, freshId)
  expect(new Set(ids).size).toBe(100)
  for (const id of ids)
    expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
})
