import { DummyDriver, Kysely, PostgresAdapter, PostgresIntrospector, PostgresQueryCompiler } from 'kysely'
import type { Tables } from '@tocsin/db'
import { expect, it } from 'vitest'
import { keepLatest } from './condition.ts'

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
