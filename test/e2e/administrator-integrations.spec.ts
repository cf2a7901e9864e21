import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { hasChromium, launchChromium } from '../harness/chromium.ts'
import { until } from '../harness/index.ts'
import { demoDesk, type Visit, violations, visit } from '../harness/visitor.ts'

describe.skipIf(!hasChromium())('an administrator and an integration', () => {
  let browser: Browser
  let me: Visit
  let page: Page
  let id: string
  let key: string
  const name = `Jobs ${Date.now()}`

  beforeAll(async () => {
    browser = await launchChromium()
    me = await visit(browser, 'administrator')
    page = me.page
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
    await page.waitForLoadState('networkidle')
  }

  it('changes its details, and is told in words what cannot be', async () => {
    await open()
    const rate = page.getByLabel('Requests a second')
    await rate.fill('0')
    await page.getByRole('button', { name: 'Save', exact: true }).click()
    await page.getByText('A whole number from 1 to 20000').waitFor()
    await rate.fill('50')
    await page.getByLabel(/^Team/).selectOption('Network')
    await page.getByLabel('Name', { exact: true }).fill(`${name}, Milan`)
    await page.getByRole('button', { name: 'Save', exact: true }).click()
    await page.getByRole('heading', { level: 1, name: `${name}, Milan` }).waitFor()
    await page.reload()
    await page.waitForLoadState('networkidle')
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
    await page.getByRole('link', { name: /^ignored/ }).click()
    await page.getByText('nothing was open under this key').waitFor()
    await page.getByText('The whole request').first().click()
    await page.getByRole('group', { name: 'As it came' }).getByText(`Full of ${name}`).waitFor()
    expect(await violations(page)).toEqual([])

    await open()
    await page.getByRole('link', { name: /^Requests refused/ }).click()
    await page.getByText('answered 400').or(page.getByText('answered 422')).first().click()
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
    await page.getByRole('button', { name: 'Read it again' }).click()
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
    await page.getByRole('button', { name: 'Make a further key' }).click()
    const shown = page.getByRole('group', { name: 'Key', exact: true })
    const fresh = (await shown.innerText()).trim()
    expect(fresh).toMatch(/^toc_/)
    expect(fresh).not.toBe(key)
    for (const known of [key, fresh])
      expect((await send({ kind: 'test', title: 'x' }, known)).status).toBe(202)
    await page.reload()
    await page.waitForLoadState('networkidle')
    expect(await page.locator('main').innerText()).not.toContain(fresh)

    const hint = key.slice(0, 8)
    await page.getByRole('button', { name: new RegExp(`^Revoke: ${hint}`) }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Revoke' }).click()
    await page.getByRole('dialog').waitFor({ state: 'detached' })
    expect((await send({ kind: 'test', title: 'x' }, key)).status).toBe(401)
    expect((await send({ kind: 'test', title: 'x' }, fresh)).status).toBe(202)
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
    await page.waitForLoadState('networkidle')
    await page.route('**/api/v1/mailbox/*', async (route) => {
      const answer = await route.fetch()
      const mail = (await answer.json()) as Record<string, unknown>
      const html = `<p>Hello from the mail</p><img src="${away}/pixel.png" onerror="parent.document.title = 'taken'">
        <script>parent.document.title = 'taken'; fetch('${away}/script')</script><iframe src="${away}/inner"></iframe>
        <link rel="stylesheet" href="${away}/style.css"><meta http-equiv="refresh" content="0;url=${away}/refresh">`
      await route.fulfill({ response: answer, json: { ...mail, html } })
    })
    await page.getByRole('list', { name: 'Mailbox' }).getByRole('link').first().click()
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
