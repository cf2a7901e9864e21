import { createHash } from 'node:crypto'
import { sweepDrafts } from '@tocsin/desk'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  aTeam,
  database,
  setClockOffset,
  type Someone,
  someone,
  type TestApi,
  testApi,
  type TestDatabase,
} from '../harness/index.ts'

/** Files come whole, stay harmless, and are seen by those alone who may see them. */

const MB = 1024 * 1024
const PNG = Buffer.concat([Buffer.from('89504e470d0a1a0a', 'hex'), Buffer.alloc(32, 7)])
let record: TestDatabase
let api: TestApi
let agent: Someone
let employee: Someone
let stranger: Someone
let number: string

beforeAll(async () => {
  record = await database()
  api = testApi(record.db)
  agent = await someone(record.db, [{ role: 'agent', teamId: await aTeam(record.db) }])
  employee = await someone(record.db)
  stranger = await someone(record.db)
  const opened = await api.call(employee.key, 'POST', '/api/v1/tickets', {
    kind: 'request',
    title: 'A screen',
  })
  number = ((await opened.json()) as { number: string }).number
})
afterAll(() => record.drop())

interface Kept {
  id: string
  name: string
  content_type: string
  size: number
}
type Part = [name: string, bytes: Buffer, type?: string]

function form(parts: Part[]): FormData {
  const data = new FormData()
  for (const [name, bytes, type] of parts)
    data.append(
      'file',
      new Blob([Uint8Array.from(bytes)], { type: type ?? 'application/octet-stream' }),
      name,
    )
  return data
}
interface Sent {
  status: number
  items: Kept[]
  connection: string | null
}
async function upload(by: Someone, path: string, parts: Part[]): Promise<Sent> {
  const answer = await api.app.request(path, {
    method: 'POST',
    headers: { authorization: `Bearer ${by.key}` },
    body: form(parts),
  })
  const { items } = (await answer.json()) as { items: Kept[] }
  return { status: answer.status, items, connection: answer.headers.get('connection') }
}
const toTicket = (by: Someone, parts: Part[], query = '') =>
  upload(by, `/api/v1/tickets/${number}/attachments${query}`, parts)
const download = (by: Someone, id: string, query = '') =>
  api.call(by.key, 'GET', `/api/v1/attachments/${id}${query}`)
const drafts = async () =>
  (await sql<{ n: number }>`select count(*) as n from attachment where ticket_id is null`.execute(record.db))
    .rows[0]!.n

describe('a file', () => {
  it('comes back byte for byte, across chunks, as a download with its own name', async () => {
    const bytes = Buffer.alloc(3 * MB + 17)
    for (let i = 0; i < bytes.length; i++) bytes[i] = (i * 31) % 251
    const { status, items } = await toTicket(employee, [['Rapport d’été "1".bin', bytes]])
    expect(status).toBe(201)
    const answer = await download(agent, items[0]!.id)
    expect(Buffer.from(await answer.arrayBuffer()).equals(bytes)).toBe(true)
    expect(answer.headers.get('content-disposition')).toBe(
      `attachment; filename="Rapport d__t_ _1_.bin"; filename*=UTF-8''Rapport%20d%E2%80%99%C3%A9t%C3%A9%20_1_.bin`,
    )
    expect(answer.headers.get('x-content-type-options')).toBe('nosniff')
    expect(answer.headers.get('content-security-policy')).toContain('sandbox')
    const { rows } = await sql<{ sha256: Buffer; chunks: number }>`
      select a.sha256, (select count(*) from attachment_chunk k where k.attachment_id = a.id) as chunks
      from attachment a where id = ${items[0]!.id}`.execute(record.db)
    expect(rows[0]!.sha256.equals(createHash('sha256').update(bytes).digest())).toBe(true)
    expect(rows[0]!.chunks).toBe(13)
  })

  it('stands on the ticket and its timeline', async () => {
    const shown = (await (await api.call(employee.key, 'GET', `/api/v1/tickets/${number}`)).json()) as {
      attachments: Kept[]
    }
    expect(shown.attachments).toHaveLength(1)
    const { items } = (await (
      await api.call(employee.key, 'GET', `/api/v1/tickets/${number}/activity`)
    ).json()) as {
      items: { verb: string; after: { attachments?: string[] } }[]
    }
    expect(items.at(-1)).toMatchObject({ verb: 'attach', after: { attachments: [shown.attachments[0]!.id] } })
  })

  it.each([
    ['a page', 'x.html', Buffer.from('<script>alert(1)</script>'), 'text/html', false],
    ['a drawing that may run', 'x.svg', Buffer.from('<svg onload="alert(1)"/>'), 'image/svg+xml', false],
    ['a page that calls itself an image', 'x.png', Buffer.from('<html>'), 'image/png', false],
    ['an image', 'x.png', PNG, 'image/png', true],
  ])('that is %s is shown in a page: %#', async (_, name, bytes, type, shown) => {
    const { items } = await toTicket(employee, [[name, bytes, type]])
    const answer = await download(employee, items[0]!.id, '?inline=1')
    expect(answer.headers.get('content-disposition')?.startsWith('inline')).toBe(shown)
    expect(answer.headers.get('content-type')).toBe(shown ? 'image/png' : 'application/octet-stream')
  })

  it('of plain words is looked at as such, whatever its name is; what is none, or changed under its name, is saved', async () => {
    const { items } = await toTicket(employee, [
      ['words.txt', Buffer.from('<script>alert(1)</script> é'), 'text/plain'],
      ['server.log', Buffer.from('line\n')],
      ['bytes.txt', Buffer.from([1, 0, 2]), 'text/plain'],
      ['paper.pdf', Buffer.from('%PDF-1.7'), 'application/pdf'],
      ['photo.png', PNG, 'image/png'],
    ])
    await sql`
      update attachment_chunk set data = '<svg onload=alert(1)>'::bytea
      where attachment_id = (select id from attachment where id = ${items[4]!.id})`.execute(record.db)
    const answers = await Promise.all(items.map(({ id }) => download(agent, id, '?inline=1')))
    expect(answers.map(({ headers }) => headers.get('content-type'))).toEqual([
      'text/plain; charset=utf-8',
      'text/plain; charset=utf-8',
      'application/octet-stream',
      'application/octet-stream',
      'application/octet-stream',
    ])
    for (const { headers } of answers) {
      expect(headers.get('x-content-type-options')).toBe('nosniff')
      expect(headers.get('content-security-policy')).toBe("default-src 'none'; sandbox")
    }
    const { attachments } = (await (
      await api.call(agent.key, 'GET', `/api/v1/tickets/${number}`)
    ).json()) as {
      attachments: { id: string; preview: string | null }[]
    }
    const previews = items.map(({ id }) => attachments.find((one) => one.id === id)?.preview)
    expect(previews).toEqual(['text', 'text', 'text', null, 'image'])
  })

  it('with a hostile name gets a harmless one', async () => {
    const { items } = await toTicket(employee, [['../../\u200b.htaccess', PNG]])
    expect(items[0]!.name).toBe('htaccess')
  })
})

describe('the door', () => {
  it('refuses a file too large and a file too many with 413, and keeps nothing of them', async () => {
    const before = await fileCount()
    // The rest of what is refused lies unread in its connection, which nobody is to use again.
    const refused = { status: 413, connection: 'close' }
    const large: Part[] = [
      ['small', PNG],
      ['large', Buffer.alloc(25 * MB + 1)],
    ]
    expect(await toTicket(employee, large)).toMatchObject(refused)
    const many = Array.from({ length: 21 }, (_, n): Part => [`${n}`, PNG])
    expect(await toTicket(employee, many)).toMatchObject(refused)
    expect(await fileCount()).toBe(before)
    expect(await drafts()).toBe(0)
  })

  it.each([
    ['words', () => '/api/v1/tickets', 'application/json', '"'],
    [
      'a file',
      () => `/api/v1/tickets/${number}/attachments`,
      'multipart/form-data; boundary=x',
      '--x\r\ncontent-disposition: form-data; name="file"; filename="a"\r\n\r\n',
    ],
  ])('reads %s too large to the end, so that whoever sends it reads why', async (_, path, type, begins) => {
    let left = 40
    const body = new ReadableStream({
      start: (sending) => sending.enqueue(Buffer.from(begins)),
      pull: (sending) => (left-- > 0 ? sending.enqueue(new Uint8Array(MB)) : sending.close()),
    })
    const headers = { authorization: `Bearer ${employee.key}`, 'content-type': type }
    const init = { method: 'POST', headers, body, duplex: 'half' as const }
    expect((await api.app.request(path(), init)).status).toBe(413)
    expect(left).toBe(-1)
  })

  it('takes what is just allowed', async () => {
    expect((await toTicket(employee, [['full', Buffer.alloc(25 * MB)]])).status).toBe(201)
    expect(
      (
        await toTicket(
          employee,
          Array.from({ length: 20 }, (_, n): Part => [`${n}`, PNG]),
        )
      ).status,
    ).toBe(201)
  })

  it('refuses what is no upload, and a body that breaks off, and keeps nothing of them', async () => {
    expect((await api.call(employee.key, 'POST', `/api/v1/tickets/${number}/attachments`, {})).status).toBe(
      400,
    )
    expect((await upload(employee, `/api/v1/tickets/${number}/attachments`, [])).status).toBe(400)
    const broken = await api.app.request(`/api/v1/tickets/${number}/attachments`, {
      method: 'POST',
      headers: { authorization: `Bearer ${employee.key}`, 'content-type': 'multipart/form-data; boundary=b' },
      body: '--b\r\nContent-Disposition: form-data; name="file"; filename="x"\r\n\r\nhalf of it',
    })
    expect(broken.status).toBe(400)
    expect(await drafts()).toBe(0)
  })
})

describe('who may see a file', () => {
  it('is who may see its ticket; an internal one only the desk; any other id is not there', async () => {
    const { items: forAll } = await toTicket(agent, [['reply.png', PNG]], '?visibility=public')
    const { items: internal } = await toTicket(agent, [['trace.png', PNG]])
    const statuses = async (id: string) =>
      Promise.all([agent, employee, stranger].map(async (who) => (await download(who, id)).status))
    expect(await statuses(forAll[0]!.id)).toEqual([200, 200, 404])
    expect(await statuses(internal[0]!.id)).toEqual([200, 404, 404])
    expect(await statuses('0198c0de-0000-7000-8000-000000000000')).toEqual([404, 404, 404])
    const line = await sql`select from activity where verb = 'attach' and visibility = 'internal'`.execute(
      record.db,
    )
    expect(line.rows).toHaveLength(1)
    expect((await upload(stranger, `/api/v1/tickets/${number}/attachments`, [['x', PNG]])).status).toBe(404)
  })

  it('does not change because somebody names the file in a message', async () => {
    const { items: internal } = await toTicket(agent, [['trace.png', PNG]])
    const { items: draft } = await upload(agent, '/api/v1/attachments', [['draft.png', PNG]])
    for (const id of [internal[0]!.id, draft[0]!.id]) {
      const stolen = await api.call(employee.key, 'POST', `/api/v1/tickets/${number}/reply`, {
        body: 'Mine',
        attachment_ids: [id],
      })
      expect(stolen.status).toBe(422)
      expect((await download(employee, id)).status).toBe(404)
    }
    const said = await api.call(agent.key, 'POST', `/api/v1/tickets/${number}/note`, {
      body: 'See the trace',
      attachment_ids: [draft[0]!.id],
    })
    expect(said.status).toBe(200)
    expect((await download(agent, draft[0]!.id)).status).toBe(200)
    expect((await download(employee, draft[0]!.id)).status).toBe(404)
  })
})

it('drafts that nobody used go after a day', async () => {
  await upload(employee, '/api/v1/attachments', [['left.png', PNG]])
  expect(await sweepDrafts(record.db)).toBe(0)
  await setClockOffset(record.ownerUrl, '25 hours')
  expect(await sweepDrafts(record.db)).toBe(1)
})

async function fileCount(): Promise<number> {
  const { rows } = await sql<{ n: number }>`select count(*) as n from attachment`.execute(record.db)
  return rows[0]!.n
}
