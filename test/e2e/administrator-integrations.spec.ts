import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { hasChromium, launchChromium } from '../harness/chromium.ts'
import { until } from '../harness/index.ts'
import { alive, type Keyboard, keyboardOf } from '../harness/keyboard.ts'
import { demoDesk, type Visit, violations, visit } from '../harness/visitor.ts'

describe.skipIf(!hasChromium())('an administrator and an integration', () => {
  let browser: Browser
  let me: Visit
  let page: Page
  let hands: Keyboard
  let id: string
  let key: string
  const name = `Jobs ${Date.now()}`

  beforeAll(async () => {
    browser = await launchChromium()
    me = await visit(browser, 'administrator')
    page = me.page
    hands = keyboardOf(page)
    const made = await page.request.post('/api/v1/integrations', {
      data: { system: 'events', name },
      headers: { origin: demoDesk().app },
    })
    const body = (await made.json()) as { id: string; key: { key: string } }
    id = body.id
    key = body.key.key
  })
  afterAll(() => browser?.close())

  const send = (body: unknown, by = key) =>
    fetch(`${demoDesk().ingest}/v1/events/${by}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    })
  const open = async (path = '') => {
    await page.goto(`/admin/integrations/${id}${path}`)
    await alive(page)
  }

  it('changes its details, and is told in words what cannot be', async () => {
    await open()
    const rate = page.getByLabel('Requests a second')
    await hands.write(rate, '0')
    await hands.press(page.getByRole('button', { name: 'Save', exact: true }))
    await page.getByText('A whole number from 1 to 20000').waitFor()
    await hands.write(rate, '50')
    await hands.choose(page.getByLabel(/^Team/), 'Network')
    await hands.write(page.getByLabel('Name', { exact: true }), `${name}, Milan`)
    await hands.press(page.getByRole('button', { name: 'Save', exact: true }))
    await page.getByRole('heading', { level: 1, name: `${name}, Milan` }).waitFor()
    await page.reload()
    await alive(page)
    expect(await rate.inputValue()).toBe('50')
    expect(await page.getByLabel(/^Team/).locator('option:checked').innerText()).toBe('Network')
  })

  it('goes from a number to the events behind it, with their reason and their request', async () => {
    await send([
      { title: `Full of ${name}`, dedup_key: 'disk', severity: 'info' },
      { kind: 'resolve', dedup_key: 'nothing' },
    ])
    await send('nonsense')
    await open()
    await page.getByText('Balanced').waitFor()
    await page.getByText('2 events · 1 request refused').waitFor()
    await hands.press(page.getByRole('link', { name: /^ignored/ }))
    await page.getByText('nothing was open under this key').waitFor()
    await hands.press(page.locator('summary', { hasText: 'The whole request' }).first())
    await page.getByRole('group', { name: 'As it came' }).getByText(`Full of ${name}`).waitFor()
    expect(await violations(page)).toEqual([])

    await open()
    await hands.press(page.getByRole('link', { name: /^Requests refused/ }))
    // The page before lists requests too: what is opened there goes with it.
    await page.waitForURL(/outcome=rejected/)
    await page.getByRole('navigation', { name: 'All requests' }).waitFor()
    await hands.press(page.locator('summary', { hasText: /answered 4(00|22)/ }).first())
    await page.getByRole('group', { name: 'As it came' }).getByText('nonsense').waitFor()
    expect(await violations(page)).toEqual([])
  })

  it('has a dead letter read again, and sees what became of it', async () => {
    await send([
      { kind: 'test', title: 'fine' },
      { kind: 'shout', title: 'who?' },
    ])
    await open('/dead-letters')
    await page.getByText('"kind":"shout"').first().waitFor()
    await hands.press(page.getByRole('button', { name: 'Read it again' }))
    await page.getByText('It is read again as a new receipt.').waitFor()
    // Nothing was mended, so it is unreadable again: the old one says so, and the new one waits for its turn.
    await until(
      async () => {
        await open('/dead-letters')
        return (await page.getByText(/read again .* → unreadable/).count()) === 1
      },
      { deadline: 15_000, every: 200 },
    )
    expect(await page.getByRole('button', { name: 'Read it again' }).count()).toBe(1)
    expect(await violations(page)).toEqual([])
  })

  it('changes its key without a gap: both serve, until the old one is revoked', async () => {
    await open()
    await hands.press(page.getByRole('button', { name: 'Make a further key' }))
    const shown = page.getByRole('group', { name: 'Key', exact: true })
    const fresh = (await shown.innerText()).trim()
    expect(fresh).toMatch(/^toc_/)
    expect(fresh).not.toBe(key)
    for (const known of [key, fresh])
      expect((await send({ kind: 'test', title: 'x' }, known)).status).toBe(202)
    await page.reload()
    await alive(page)
    expect(await page.locator('main').innerText()).not.toContain(fresh)

    const hint = key.slice(0, 8)
    await hands.press(page.getByRole('button', { name: new RegExp(`^Revoke: ${hint}`) }))
    await hands.press(page.getByRole('dialog').getByRole('button', { name: 'Revoke' }))
    await page.getByRole('dialog').waitFor({ state: 'detached' })
    expect((await send({ kind: 'test', title: 'x' }, key)).status).toBe(401)
    expect((await send({ kind: 'test', title: 'x' }, fresh)).status).toBe(202)
  })

  it('tries a message by the keyboard, and nothing of it is kept', async () => {
    await open()
    const before = await page.getByRole('link', { name: /^Requests refused/ }).innerText()
    const body = page.getByRole('region', { name: 'Try a message' }).getByLabel(/^Body/)
    const result = page.getByRole('region', { name: 'What would be read' })
    await hands.write(
      body,
      '[{"title":"Hot","severity":"high"},{"kind":"note","title":"Seen"},{"kind":"shout"}]',
    )
    await page.keyboard.press('Tab')
    await page.keyboard.press('Tab')
    await page.keyboard.press('Enter')
    await result.getByRole('article', { name: 'Hot' }).getByText('sender’s word: high').waitFor()
    await result.getByRole('article', { name: 'Seen' }).getByText('a note').waitFor()
    await result.getByText(/“kind” is “shout”/).waitFor()
    expect(await violations(page)).toEqual([])
    await hands.write(body, 'nonsense')
    await hands.press(page.getByRole('button', { name: 'Read it', exact: true }))
    await result.getByText('The body is not JSON.').waitFor()
    await result.getByText('The sender would be answered 400.').waitFor()
    await open()
    expect(await page.getByRole('link', { name: /^Requests refused/ }).innerText()).toBe(before)
  })

  it('waits for the first message of a new source, and follows it to whoever is paged', async () => {
    const fresh = await page.request.post('/api/v1/integrations', {
      data: { system: 'events', name: `Fresh ${name}` },
      headers: { origin: demoDesk().app },
    })
    const made = (await fresh.json()) as { id: string; key: { key: string } }
    await page.goto(`/admin/integrations/${made.id}`)
    await page.getByText('Waiting for the first message').waitFor()
    await send({ title: `Smoke in ${name}`, dedup_key: 'smoke', severity: 'critical' }, made.key.key)
    await page.getByText('The first message is here').waitFor()
    const walk = page.getByRole('list', { name: 'What became of it' })
    for (const step of ['Received', 'Read as', 'Decided', 'Alert', 'Ticket', 'Clocks', 'Paged'])
      await walk
        .getByText(step, { exact: step !== 'Received' })
        .first()
        .waitFor()
    await walk.getByText('Nobody: no escalation policy applies').waitFor()
    expect(await violations(page)).toEqual([])
    await hands.press(page.getByRole('button', { name: 'Got it' }))
    await page.getByText('The first message is here').waitFor({ state: 'detached' })

    await hands.write(page.getByLabel(/^Alert when quiet for/), '15m')
    await hands.press(page.getByRole('button', { name: 'Save', exact: true }))
    await page.getByText('an alert after 15 min of silence').waitFor()
    // By the keyboard: one is told what it was usual to do, and sets terms of its own.
    const hold = page.getByLabel('Hold for')
    await hands.write(hold, '30s')
    await hands.keys('Enter')
    await page.getByText('It goes by terms of its own').waitFor()
    // Any later message can be followed, too.
    await hands.press(page.locator('summary', { hasText: 'answered 202' }).last())
    await hands.press(page.getByRole('link', { name: 'Follow it to the end' }))
    await page.getByRole('heading', { name: `A message of Fresh ${name}` }).waitFor()
    await walk.getByText(`Smoke in ${name}`).first().waitFor()
    expect(await violations(page)).toEqual([])
  })

  it('writes rules for mails on those received, and sees what each becomes', async () => {
    const fresh = await page.request.post('/api/v1/integrations', {
      data: { system: 'email', name: `Mails ${name}` },
      headers: { origin: demoDesk().app },
    })
    const made = (await fresh.json()) as { id: string; key: { key: string } }
    await fetch(`${demoDesk().ingest}/v1/email/${made.key.key}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ from: 'ups@plant.example', subject: 'ALARM ups-1', text: 'Battery 12 %' }),
    })
    await page.goto(`/admin/integrations/${made.id}`)
    await alive(page)
    const mails = page.getByRole('list', { name: 'The last mails, by these rules' })
    await mails.getByText('no rule fits').waitFor()
    await hands.press(page.getByRole('button', { name: 'Add a rule' }))
    const rule = page.getByRole('group', { name: 'Rule 1' })
    await hands.write(rule.getByLabel(/^Subject has/), 'ALARM (')
    await page
      .getByText(/missing|unclosed|unexpected/i)
      .first()
      .waitFor()
    await hands.write(rule.getByLabel(/^Subject has/), String.raw`ALARM (\S+)`)
    await hands.write(rule.getByLabel(/^Title/), '$1 is on battery')
    await mails.getByText('ups-1 is on battery').waitFor()
    expect(await violations(page)).toEqual([])
    await hands.press(page.getByRole('button', { name: 'Save rules' }))
    await page.getByText('Saved', { exact: true }).first().waitFor()
    const kept = await page.request.get(`/api/v1/integrations/${made.id}`)
    expect(await kept.json()).toMatchObject({
      mail_rules: [{ means: 'trigger', subject: String.raw`ALARM (\S+)`, title: '$1 is on battery' }],
    })
  })

  it('reads mail as it looks, and nothing in it can run or load', async () => {
    const asked: (string | undefined)[] = []
    const elsewhere = createServer((request, response) => {
      asked.push(request.url)
      response.end()
    }).listen(0, '127.0.0.1')
    await once(elsewhere, 'listening')
    const away = `http://127.0.0.1:${(elsewhere.address() as AddressInfo).port}`
    await page.goto('/admin/mailbox')
    await alive(page)
    await page.route('**/api/v1/mailbox/*', async (route) => {
      const answer = await route.fetch()
      const mail = (await answer.json()) as Record<string, unknown>
      const html = `<p>Hello from the mail</p><img src="${away}/pixel.png" onerror="parent.document.title = 'taken'">
        <script>parent.document.title = 'taken'; fetch('${away}/script')</script><iframe src="${away}/inner"></iframe>
        <link rel="stylesheet" href="${away}/style.css"><meta http-equiv="refresh" content="0;url=${away}/refresh">`
      await route.fulfill({ response: answer, json: { ...mail, html } })
    })
    await hands.press(page.getByRole('list', { name: 'Mailbox' }).getByRole('link').first())
    const frame = page.frameLocator('iframe')
    await frame.getByText('Hello from the mail').waitFor()
    // An image is complete once its loading ended, here by being refused.
    await until(() =>
      frame.locator('img').evaluate((image) => (image as unknown as { complete: boolean }).complete),
    )
    expect(await page.title()).toContain('Tocsin')
    expect(asked).toEqual([])
    await page.unroute('**/api/v1/mailbox/*')
    elsewhere.close()
  })

  it('without an error of the page’s own', () => {
    expect(me.errors).toEqual([])
  })
})
