import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connect } from '@tocsin/db'
import { DeskError } from '@tocsin/desk'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { plainly, Told } from '../../scripts/import/failure.ts'
import { mappingFor, readMapping } from '../../scripts/import/mapping.ts'
import { asOwner, database, type TestDatabase } from '../harness/index.ts'

/** Whoever runs `npm run import` wrongly is told so in a line or two, and never by a stack of ours. */

let record: TestDatabase
let folder: string
beforeAll(async () => {
  record = await database()
  folder = await mkdtemp(join(tmpdir(), 'tocsin-test-import-'))
})
afterAll(async () => {
  await record.drop()
  await rm(folder, { recursive: true, force: true })
})

const toldOf = async (work: () => unknown) => {
  try {
    await work()
  } catch (error) {
    return plainly(error)
  }
  throw new Error('It went well.')
}

describe('a database that does not let one in', () => {
  const asked = (change: (url: URL) => void, query = 'select from import') =>
    toldOf(async () => {
      const url = new URL(record.url)
      change(url)
      const db = connect(url.href, { max: 1 })
      try {
        await sql.raw(query).execute(db)
      } finally {
        await db.destroy()
      }
    })
  it.each<[string, (url: URL) => void, string]>([
    ['nobody at the port', (url) => (url.port = '1'), 'cannot be reached'],
    ['a wrong password', (url) => (url.password = 'wrong'), 'refuses this user or password'],
    ['no such database', (url) => (url.pathname = '/nowhere'), 'There is no such database'],
  ])('%s', async (_name, change, words) => {
    const told = await asked(change)
    expect(told).toContain(words)
    expect(told).not.toContain('\n')
  })

  it('one of another version', async () => {
    await asOwner(record.ownerUrl, 'alter table import rename column resume_key to other_key')
    expect(await asked(() => undefined, 'select resume_key from import')).toContain('start the desk once')
    await asOwner(record.ownerUrl, 'alter table import rename column other_key to resume_key')
  })
})

describe('a mapping', () => {
  const given = async (text: string) => {
    const file = join(folder, 'mapping.json')
    await writeFile(file, text)
    return toldOf(() => readMapping(file))
  }
  it('that is not there, no JSON, or no mapping', async () => {
    expect(await toldOf(() => readMapping('nowhere.json'))).toBe(
      'nowhere.json is neither a file nor a ready mapping; there are: servicenow, jira, zammad, glpi, freshservice, osticket.',
    )
    expect(await given('{ "source": }')).toContain('is not JSON')
    const wrong = await given(
      JSON.stringify({ source: 'Big Desk', number: 'id', title: 'title', nonsense: 1 }),
    )
    for (const part of ['is no mapping', 'source', 'created_at', 'nonsense']) expect(wrong).toContain(part)
  })

  it('may begin with the mark that Windows writes', async () => {
    const file = join(folder, 'marked.json')
    await writeFile(
      file,
      `\uFEFF${JSON.stringify({ source: 'a', number: 'id', title: 't', created_at: 'c' })}`,
    )
    expect(readMapping(file).source).toBe('a')
  })

  it('of a zone that is none, and columns that fit nothing', async () => {
    expect(await toldOf(() => mappingFor(['id'], readMapping('jira'), { zone: 'Mars/Olympus' }))).toContain(
      'an IANA time zone',
    )
    expect(await toldOf(() => mappingFor(['a', 'b'], undefined, {}))).toContain(
      'No mapping fits these columns',
    )
  })
})

it('what is none of this shows itself whole', () => {
  expect(plainly(new TypeError('x is not a function'))).toBeUndefined()
  expect(plainly(new Told('Stopped.'))).toBe('Stopped.')
  expect(
    plainly(new DeskError('invalid', 'No.', { errors: [{ path: 'number', message: 'is missing' }] })),
  ).toBe('No.\n  number: is missing')
})
