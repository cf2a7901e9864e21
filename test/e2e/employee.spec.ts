import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { hasChromium, launchChromium } from '../harness/chromium.ts'
import { type Keyboard, keyboardOf } from '../harness/keyboard.ts'
import { demoDesk, type Visit, violations, visit } from '../harness/visitor.ts'

describe.skipIf(!hasChromium())('an employee', () => {
  let browser: Browser
  let me: Visit
  let hands: Keyboard
  const subject = `The projector hums ${Date.now()}`

  beforeAll(async () => {
    browser = await launchChromium()
    me = await visit(browser, 'employee', { width: 390, height: 844 })
    hands = keyboardOf(me.page)
  })
  afterAll(() => browser?.close())

  it('lands in the portal and never sees the agents’ places', async () => {
    const { page } = me
    await page.goto('/')
    await page.waitForURL('**/portal')
    await page.getByRole('heading', { level: 1 }).waitFor()
    expect(await page.getByRole('link', { name: 'Tickets', exact: true }).count()).toBe(0)
  })

  it('finds a form by typing', async () => {
    const { page } = me
    await hands.open('/portal')
    await hands.write(page.getByRole('searchbox'), 'laptop')
    await page.getByText('Forms', { exact: true }).waitFor()
    await page
      .getByRole('link', { name: /laptop/i })
      .first()
      .waitFor()
    expect(me.errors).toEqual([])
  })

  it('is told at the field what is missing, and keeps what was written', async () => {
    const { page } = me
    await hands.open('/portal/broken')
    await hands.press(page.getByRole('button', { name: 'Report it' }))
    await page.getByRole('alert').first().waitFor()
    expect(await page.locator('[aria-invalid="true"]').count()).toBeGreaterThan(0)
    await hands.write(page.getByLabel('In a few words'), subject)
    await page.getByText('Kept as a draft').waitFor()
    await hands.again()
    await expect.poll(() => page.getByLabel('In a few words').inputValue()).toBe(subject)
  })

  it('files it with a picture, learns the number and what happens next', async () => {
    const { page } = me
    const file = { name: 'hum.txt', mimeType: 'text/plain', buffer: Buffer.from('mmmmmmm') }
    const choosing = page.waitForEvent('filechooser')
    await hands.press(page.getByRole('button', { name: 'Add files' }))
    await (await choosing).setFiles(file)
    await page.getByRole('button', { name: /Remove hum.txt/ }).waitFor()
    await hands.press(page.getByRole('button', { name: 'Report it' }))
    await page.waitForURL('**/portal/requests/INC-*')
    await page.getByText(/Your number is INC-\d+/).waitFor()
    await page.getByRole('link', { name: /hum\.txt/ }).waitFor()
    expect(await violations(page)).toEqual([])
  })

  it('writes on it, and takes it back', async () => {
    const { page } = me
    await hands.write(page.getByLabel('Write to us'), 'It stopped by itself.')
    await hands.press(page.getByRole('button', { name: 'Send' }))
    await page.getByRole('article').filter({ hasText: 'It stopped by itself.' }).waitFor()
    await hands.press(page.getByRole('button', { name: 'I do not need it any more' }))
    await hands.press(page.getByRole('button', { name: 'Withdraw it' }))
    await page.getByRole('status').filter({ hasText: 'Withdrawn' }).waitFor()
    expect(me.errors).toEqual([])
  })

  it('says that it is not solved after all, and it is taken up again', async () => {
    const { page } = me
    await hands.open('/portal/broken')
    await hands.write(page.getByLabel('In a few words'), `${subject}, again`)
    for (const choice of await page.locator('form select').all()) await hands.choose(choice, 1)
    await hands.press(page.getByRole('button', { name: 'Report it' }))
    await page.waitForURL('**/portal/requests/INC-*')
    const number = /INC-\d+/.exec(page.url())![0]
    const desk = demoDesk()
    const solved = await fetch(`${desk.app}/api/v1/tickets/${number}/resolve`, {
      method: 'POST',
      headers: { authorization: `Bearer ${desk.apiKey}`, 'content-type': 'application/json' },
      body: JSON.stringify({ reply: 'We tightened the screws.' }),
    })
    expect(solved.status).toBe(200)
    await page.getByText('We tightened the screws.').waitFor()
    const stands = (words: string) => page.getByRole('status').filter({ hasText: words }).first().waitFor()
    await stands('Solved')
    await hands.press(page.getByRole('button', { name: 'It is not solved' }))
    await stands('We are working on it')
    const now = await page.request.get(`/api/v1/tickets/${number}`)
    expect(await now.json()).toMatchObject({ state: 'in_progress', reopen_count: 1 })
  })

  it('asks for what somebody has to approve, and hears of it once it is', async () => {
    const { page } = me
    await hands.open('/portal/laptop')
    await page.getByText('Somebody has to approve this').waitFor()
    for (const choice of await page.locator('form select').all()) await hands.choose(choice, 1)
    await hands.write(page.getByRole('textbox', { name: 'Why do you need it?' }), subject)
    await hands.press(page.getByRole('button', { name: 'File request' }))
    await page.waitForURL('**/portal/requests/REQ-*')
    const number = /REQ-\d+/.exec(page.url())![0]
    const manager = await visit(browser, 'manager')
    const theirs = keyboardOf(manager.page)
    await theirs.open('/portal/approvals')
    const asked = manager.page.getByRole('listitem').filter({ hasText: number }).first()
    await asked.getByText(subject).waitFor()
    expect(await violations(manager.page)).toEqual([])
    await theirs.press(asked.getByRole('button', { name: 'Approve' }))
    await manager.page.getByText(`${number}: you approved`).waitFor()
    await page.getByRole('region', { name: 'Approvals' }).getByText('Approved', { exact: true }).waitFor()
    expect([...me.errors, ...manager.errors]).toEqual([])
    await manager.context.close()
  })

  it('reads of services by program what the portal tells, and no more', async () => {
    const answer = await me.page.request.get('/api/v1/services')
    const { items } = (await answer.json()) as { items: { team: unknown; open_incidents: number }[] }
    expect(items.length).toBeGreaterThan(5)
    expect(items.every(({ team }) => team === null)).toBe(true)
  })

  it('reads its own language', async () => {
    const { page, context } = await visit(browser, 'employee', { locale: 'fr-FR' })
    await page.goto('/portal')
    await page.getByText('Que pouvons-nous faire pour vous ?').waitFor()
    expect(await page.locator('html').getAttribute('lang')).toBe('fr')
    await context.close()
  })

  it('meets no error of the page’s own', () => {
    expect(me.errors).toEqual([])
  })
})
