import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { hasChromium, launchChromium } from '../harness/chromium.ts'
import { type Keyboard, keyboardOf } from '../harness/keyboard.ts'
import { demoDesk, type Visit, visit } from '../harness/visitor.ts'

describe.skipIf(!hasChromium())('an administrator', () => {
  let browser: Browser
  let me: Visit
  let hands: Keyboard
  const name = `Scripts ${Date.now()}`

  beforeAll(async () => {
    browser = await launchChromium()
    me = await visit(browser, 'administrator')
    hands = keyboardOf(me.page)
  })
  afterAll(() => browser?.close())

  it('adds a source, copies its configuration with the key, and sees the first message arrive', async () => {
    const { page } = me
    await hands.open('/admin/integrations/new')
    // By keyboard: a few letters, enter for the first that is found, tab to its name.
    await hands.write(page.getByLabel('Find a monitoring system'), 'tocsin')
    await page.keyboard.press('Enter')
    expect(await page.getByRole('radio', { name: /Tocsin events/ }).isChecked()).toBe(true)
    expect(await page.getByLabel('Name', { exact: true }).inputValue()).toBe('Tocsin events')
    await hands.write(page.getByLabel('Name', { exact: true }), name)
    await hands.press(page.getByRole('button', { name: 'Create' }))
    await page.getByText('Waiting for the first message').waitFor()
    const key = (await page.getByRole('group', { name: 'Key', exact: true }).innerText()).trim()
    expect(key).toMatch(/^toc_/)
    expect(await page.getByRole('group', { name: 'trigger' }).innerText()).toContain(key)
    const sent = await fetch(`${demoDesk().ingest}/v1/events/${key}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        kind: 'trigger',
        dedup_key: name,
        severity: 'info',
        title: `Hello from ${name}`,
      }),
    })
    expect(sent.ok).toBe(true)
    await page.getByText('The first message is here').waitFor()
    await page.getByText('Balanced').waitFor()
    await page.reload()
    expect(await page.locator('main').innerText()).not.toContain(key)
  })

  it('makes a team and a person, and is asked before somebody becomes an administrator', async () => {
    const { page } = me
    await hands.open('/admin/teams/new')
    await hands.write(page.getByLabel('Team name'), name)
    await hands.press(page.getByRole('button', { name: 'Create' }))
    await page.getByRole('heading', { level: 1, name }).waitFor()
    await hands.open('/admin/people/new')
    await hands.write(page.getByLabel('Full name'), `Person of ${name}`)
    await hands.press(page.getByRole('button', { name: 'Create' }))
    await page.getByRole('heading', { level: 1, name: `Person of ${name}` }).waitFor()
    await hands.choose(page.getByLabel('Role', { exact: true }), 'Administrator')
    await hands.press(page.getByRole('button', { name: 'Give role' }))
    await page
      .getByRole('dialog')
      .getByText(/read every ticket/)
      .waitFor()
    await hands.press(page.getByRole('dialog').getByRole('button', { name: 'Cancel' }))
    await page.getByText('No role: uses the portal.').waitFor()
    expect(me.errors).toEqual([])
  })

  it('sees when a promise would be due before it is saved', async () => {
    const { page } = me
    await hands.open('/admin/slas')
    await hands.press(page.getByRole('list', { name: 'SLA policies' }).getByRole('link').first())
    await page
      .getByRole('row', { name: /P1/ })
      .getByText(/\d{2}:\d{2}/)
      .waitFor()
    expect(me.errors).toEqual([])
  })

  it('keeps others out', async () => {
    const { page, context } = await visit(browser, 'agent')
    const answer = await page.goto('/admin')
    expect(answer!.status()).toBe(403)
    await context.close()
    // What is at no address of the API is a problem like any other.
    const nowhere = await fetch(`${demoDesk().app}/api/v1/nowhere`)
    expect([nowhere.status, nowhere.headers.get('content-type')]).toEqual([404, 'application/problem+json'])
  })

  it('meets no error of the page’s own', () => {
    expect(me.errors).toEqual([])
  })
})
