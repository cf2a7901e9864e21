import { once } from 'node:events'
import { connect as connectSocket } from 'node:net'
import { editIntegration, SYSTEM, transact } from '@tocsin/desk'
import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  anIntegration,
  database,
  drain,
  someone,
  testApi,
  type TestDatabase,
  type TestDoor,
  testDoor,
} from '../harness/index.ts'

let base: TestDatabase
let door: TestDoor
let ups: Awaited<ReturnType<typeof anIntegration>>
beforeAll(async () => {
  base = await database()
  door = await testDoor(base.url, { mailPort: 0 })
  ups = await anIntegration(base.db, { system: 'email', name: 'UPS' })
  await transact(base.db, SYSTEM, (tx) =>
    editIntegration(tx, ups.id, {
      mailRules: [
        { means: 'resolve', subject: '^OK: (\\S+)', dedup_key: '$1' },
        {
          means: 'trigger',
          subject: '^ALARM: (\\S+)',
          body: 'battery (\\d+) %',
          dedup_key: '$1',
          title: '$1 at $2 %',
          severity: 'critical',
        },
      ],
    }),
  )
})
afterAll(async () => {
  await door.close()
  await base.drop()
})

/** Says these lines to the mail door, one after each answer, and gives back the answers' codes. */
async function say(lines: string[]): Promise<string[]> {
  const socket = connectSocket({ host: '127.0.0.1', port: door.mailPort! })
  const codes: string[] = []
  let rest = ''
  const answered = async () => {
    while (!/^\d{3} .*\r\n/m.test(rest)) rest += String((await once(socket, 'data'))[0])
    codes.push(rest.slice(0, 3))
    rest = ''
  }
  await answered()
  for (const line of lines) {
    socket.write(`${line}\r\n`)
    await answered()
  }
  socket.destroy()
  return codes.slice(1)
}
const send = (message: string[], { to = `${ups.key}@tocsin.example`, from = 'ups@plant.example' } = {}) =>
  say([
    'EHLO plant.example',
    `MAIL FROM:<${from}>`,
    `RCPT TO:<${to}>`,
    'DATA',
    [...message, '.'].join('\r\n'),
  ])
const mail = (subject: string, text: string, ...headers: string[]) => [
  'From: UPS <ups@plant.example>',
  `Subject: ${subject}`,
  ...headers,
  '',
  text,
]
const alerts = () =>
  base.db
    .selectFrom('alert')
    .select(['dedup_key', 'status', 'title', 'severity_raw', 'annotations'])
    .where('integration_id', '=', ups.id)
    .orderBy('first_event_at')
    .execute()
const lastReceipt = () =>
  base.db
    .selectFrom('receipt')
    .select(['outcome', 'reason', 'body', 'content_type'])
    .where('integration_id', '=', ups.id)
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirstOrThrow()

test('a mail fires and the next one ends it, by rules over subject and body; it is kept as it came', async () => {
  expect(await send(mail('ALARM: ups-1 on battery', 'Now: battery 12 %'))).toEqual([
    '250',
    '250',
    '250',
    '354',
    '250',
  ])
  expect(await lastReceipt()).toMatchObject({ outcome: 'accepted', content_type: 'message/rfc822' })
  expect(String((await lastReceipt()).body)).toContain('Subject: ALARM: ups-1 on battery')
  await drain(base.db)
  expect(await alerts()).toMatchObject([
    { dedup_key: 'ups-1', status: 'firing', title: 'ups-1 at 12 %', severity_raw: 'critical' },
  ])
  await send(mail('OK: ups-1 is back', ''))
  await drain(base.db)
  expect(await alerts()).toMatchObject([{ dedup_key: 'ups-1', status: 'resolved' }])
})

test.each<[string, string[], object]>([
  ['a bounce', mail('ALARM: loop-1', 'battery 1 %'), { from: '' }],
  ['an automatic answer', mail('ALARM: loop-2', 'battery 1 %', 'Auto-Submitted: auto-replied'), {}],
  ['a mail of our own', mail('ALARM: loop-3', 'battery 1 %', 'X-Tocsin: desk'), {}],
  ['what fits no rule', mail('Newsletter', 'Hello'), {}],
])('%s is kept and pages nobody', async (_name, message, envelope) => {
  const before = await alerts()
  expect((await send(message, envelope)).at(-1)).toBe('250')
  await drain(base.db)
  expect(await alerts()).toEqual(before)
})

test('hostile mail is inert: markup becomes text, a broken one is parked with its reason', async () => {
  const html = ['Content-Type: text/html', '', '<script>alert(1)</script><p onclick="x()">battery 9 %</p>']
  await send(['From: ups@plant.example', 'Subject: ALARM: html-1', ...html])
  await drain(base.db)
  const alert = (await alerts()).find(({ dedup_key }) => dedup_key === 'html-1')
  expect(alert).toMatchObject({ title: 'html-1 at 9 %' })
  expect(JSON.stringify(alert)).not.toContain('alert(1)')

  const parts = Array.from({ length: 10_000 }, () => '--b\r\n\r\nx')
  const many = ['Subject: ALARM: parts-1', 'Content-Type: multipart/mixed; boundary=b', '', ...parts, '--b--']
  expect((await send(many)).at(-1)).toBe('554')
  expect(await lastReceipt()).toMatchObject({
    outcome: 'rejected',
    reason: expect.stringMatching(/parts/) as string,
  })
  expect((await send(mail('ALARM: next-1', 'battery 3 %'))).at(-1)).toBe('250')
})

test('nobody else’s mail is taken: an unknown key, another system’s key, a message that is too large', async () => {
  const other = await anIntegration(base.db, { system: 'events' })
  for (const to of ['toc_nobody@tocsin.example', `${other.key}@tocsin.example`, 'someone@elsewhere.example'])
    expect((await say(['EHLO x', 'MAIL FROM:<a@b.example>', `RCPT TO:<${to}>`])).at(-1)).toBe('550')
  expect((await send(mail('ALARM: big-1', 'x'.repeat(990).concat('\r\n').repeat(1_200)))).at(-1)).toBe('552')
})

test('rules that are being written are tried on the last mails really received, and touch nothing', async () => {
  const api = testApi(base.db, { ingestInternalUrl: door.url, internalToken: door.internalToken })
  const { key } = await someone(base.db, [{ role: 'administrator' }])
  const box = await anIntegration(base.db, { system: 'email', name: 'Box' })
  const to = `${box.key}@tocsin.example`
  await send(mail('FAIL tape-3', 'slot 4 is stuck'), { to })
  await send(mail('FAIL tape-4', 'x', 'Auto-Submitted: auto-replied'), { to })
  await door.send(`/v1/email/${box.key}`, { from: 'gw@plant.example', subject: 'Re: weekly', text: '' })
  const preview = async (mail_rules: unknown, id = box.id) => {
    const path = `/api/v1/integrations/${id}/mail-rules/preview`
    const answer = await api.call(key, 'POST', path, { mail_rules })
    return { status: answer.status, ...((await answer.json()) as object) }
  }
  const rule = {
    means: 'trigger',
    subject: 'FAIL (\\S+)',
    body: 'slot (\\d)',
    dedup_key: '$1',
    title: '$1/$2',
  }
  expect(await preview([rule])).toMatchObject({
    status: 200,
    errors: [],
    items: [
      { subject: 'Re: weekly', meaning: { means: 'ignore', rule: null } },
      { subject: 'FAIL tape-4', never_pages: 'an automatic answer' },
      {
        from: 'ups@plant.example',
        text: 'slot 4 is stuck\n',
        never_pages: null,
        meaning: { means: 'trigger', title: 'tape-3/4', dedup_key: 'tape-3', rule: 1 },
      },
    ],
  })
  expect(await preview([rule, { means: 'resolve', subject: '(open' }])).toMatchObject({
    items: [],
    errors: [{ path: 'mail_rules.1.subject' }],
  })
  expect((await preview([{ means: 'shout' }])).status).toBe(422)
  const other = await anIntegration(base.db, { system: 'events' })
  expect((await preview([], other.id)).status).toBe(409)
  const shown = (await (await api.call(key, 'GET', `/api/v1/integrations/${box.id}`)).json()) as object
  expect(shown).toMatchObject({ mail_rules: [] })
})
