import { DummyDriver, Kysely, PostgresAdapter, PostgresIntrospector, PostgresQueryCompiler } from 'kysely'
import type { Tables } from '@tocsin/db'
import { expect, it } from 'vitest'
import { expressions } from '../expression/index.ts'
import { keepLatest, tryCondition } from './condition.ts'

const record = () =>
  new Kysely<Tables>({
    dialect: {
      createAdapter: () => new PostgresAdapter(),
      createDriver: () => new DummyDriver(),
      createIntrospector: (db) => new PostgresIntrospector(db),
      createQueryCompiler: () => new PostgresQueryCompiler(),
    },
  })

it('makes a version of a record once, in any of its transactions, and that of another record anew', async () => {
  const [one, other] = [record(), record()]
  const kept = keepLatest<string>()
  const made: string[] = []
  const make = (name: string) => () => {
    made.push(name)
    return Promise.resolve(name)
  }
  expect(await kept(one, 2, make('first'))).toBe('first')
  expect(await one.transaction().execute((trx) => kept(trx, 2, make('again')))).toBe('first')
  expect(await kept(other, 2, make('other'))).toBe('other')
  expect(await kept(one, 3, make('next'))).toBe('next')
  expect(made).toEqual(['first', 'other', 'next'])
})

it('tries a slow condition on as many as it can be within its time', () => {
  const compile = expressions({ words: 'list<string>' })
  const all = Array.from({ length: 10_000 }, () => ({ words: Array<string>(130).fill('disk') }))
  const begun = performance.now()
  const slow = tryCondition(compile, 'words.all(a, words.all(b, a == b))', all)
  expect(performance.now() - begun).toBeLessThan(2_000)
  expect(slow.error).toBeNull()
  expect(slow.results.length).toBeGreaterThan(0)
  expect(slow.results.length).toBeLessThan(all.length)
  const quick = tryCondition(compile, '"disk" in words', all.slice(0, 200))
  expect(quick.results).toHaveLength(200)
})
