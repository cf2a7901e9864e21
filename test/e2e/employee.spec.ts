import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { hasChromium, launchChromium } from '../harness/chromium.ts'
import { type Visit, violations, visit } from '../harness/visitor.ts'

describe.skipIf(!hasChromium())('an employee', () => {
  let browser: Browser
  let me: Visit
  const subject = `The projector hums ${Date.now()}`

  beforeAll(async () => {
    browser = await launchChromium()
    me = await visit(browser, 'employee', { width: 390, height: 844 })
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
    await page.getByRole('searchbox').fill('laptop')
    await page.getByText('Forms', { exact: true }).waitFor()
    await page
      .getByRole('link', { name: /laptop/i })
      .first()
      .waitFor()
    expect(me.errors).toEqual([])
  })

  it('is told at the field what is missing, and keeps what was written', async () => {
    const { page } = me
    await page.goto('/portal/broken')
    await page.waitForLoadState('networkidle')
    await page.getByRole('button', { name: 'Report it' }).click()
    await page.getByRole('alert').first().waitFor()
    expect(await page.locator('[aria-invalid="true"]').count()).toBeGreaterThan(0)
    await page.getByLabel('In a few words').fill(subject)
    await page.getByText('Kept as a draft').waitFor()
    await page.reload()
    await expect.poll(() => page.getByLabel('In a few words').inputValue()).toBe(subject)
  })

  it('files it with a picture, learns the number and what happens next', async () => {
    const { page } = me
    const file = { name: 'hum.txt', mimeType: 'text/plain', buffer: Buffer.from('mmmmmmm') }
    await page.locator('input[type=file]').setInputFiles(file)
    await page.getByRole('button', { name: /Remove hum.txt/ }).waitFor()
    await page.getByRole('button', { name: 'Report it' }).click()
    await page.waitForURL('**/portal/requests/INC-*')
    await page.getByText(/Your number is INC-\d+/).waitFor()
    await page.getByRole('link', { name: /hum\.txt/ }).waitFor()
    expect(await violations(page)).toEqual([])
  })

  it('writes on it, and takes it back', async () => {
    const { page } = me
    await page.getByLabel('Write to us').fill('It stopped by itself.')
    await page.getByRole('button', { name: 'Send' }).click()
    await page.getByRole('article').filter({ hasText: 'It stopped by itself.' }).waitFor()
    await page.getByRole('button', { name: 'I do not need it any more' }).click()
    await page.getByRole('button', { name: 'Withdraw it' }).click()
    await page.getByRole('status').filter({ hasText: 'Withdrawn' }).waitFor()
    expect(me.errors).toEqual([])
  })

  it.each(['light', 'dark'] as const)('has pages that everybody can use (%s)', async (colorScheme) => {
    const { page } = me
    await page.emulateMedia({ colorScheme })
    for (const path of ['/portal', '/portal/new', '/portal/broken', '/portal/requests?all=1', '/me']) {
      await page.goto(path)
      await page.getByRole('heading', { level: 1 }).waitFor()
      expect.soft(await violations(page), path).toEqual([])
    }
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
