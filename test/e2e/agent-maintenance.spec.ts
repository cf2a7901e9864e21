import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { hasChromium, launchChromium } from '../harness/chromium.ts'
import { alertmanagerSays, type Visit, violations, visit } from '../harness/visitor.ts'

describe.skipIf(!hasChromium())('an agent before they work on something', () => {
  let browser: Browser
  let me: Visit
  const stamp = Date.now()
  const name = `Fan${stamp}`

  beforeAll(async () => {
    browser = await launchChromium()
    me = await visit(browser, 'agent')
  })
  afterAll(() => browser?.close())

  const row = (page: Page) => page.getByRole('button', { name: new RegExp(name) })

  it('silences an alert from its row, sees it muted, ends that, and sees it back', async () => {
    const { page } = me
    const said = await alertmanagerSays({
      name,
      fingerprint: stamp.toString(16).padStart(16, '0'),
      status: 'firing',
      service: 'platform',
      startsAt: new Date().toISOString(),
    })
    expect(said.ok).toBe(true)
    await page.goto(`/alerts?q=${name}`, { waitUntil: 'networkidle' })
    await row(page).click()
    await page.getByRole('link', { name: 'Silence this' }).click()

    // It begins with what the alert is, and shows what that would have muted before anything is saved.
    await page.getByRole('heading', { name: 'Keep something quiet' }).waitFor()
    const preview = page.locator('section', { hasText: 'The last seven days' })
    await preview.getByText(`${name} on web-9`).waitFor()
    expect(await preview.locator('dd').first().textContent()).toBe('1')
    expect(await page.getByLabel('Value').last().inputValue()).toBe(name)
    await page.getByLabel('Condition').fill('labels.')
    await preview.getByText(/Unexpected|expected|syntax|EOF/i).waitFor()
    await page.getByLabel('Condition').fill('')
    await page.getByLabel('Reason').fill(`New fan ${stamp}`)
    await page.getByRole('button', { name: '2 h' }).click()
    expect(await violations(page)).toEqual([])
    await page.getByRole('button', { name: 'Keep it quiet' }).click()

    await page.getByRole('region', { name: 'In force' }).getByText(`New fan ${stamp}`).waitFor()
    await page.getByText('holds 1 alert').first().waitFor()
    expect(await violations(page)).toEqual([])
    await page.goto(`/alerts?q=${name}`, { waitUntil: 'networkidle' })
    await row(page).getByText('Suppressed', { exact: true }).waitFor()
    await page.getByText(/muted by/).waitFor()
    await row(page).click()
    await page.getByRole('link', { name: `New fan ${stamp}` }).click()

    await page.getByRole('button', { name: 'End now' }).click()
    const sure = page.getByRole('dialog')
    await sure.getByText(`End “New fan ${stamp}” now?`).waitFor()
    await sure.getByRole('button', { name: 'End now' }).click()
    await page.getByRole('region', { name: 'Past' }).getByText(`New fan ${stamp}`).waitFor()
    await page.goto(`/alerts?q=${name}`, { waitUntil: 'networkidle' })
    await row(page).getByText('Firing', { exact: true }).waitFor()
    expect(me.errors).toEqual([])
  })

  it('may not silence what is nobody’s or another team’s, and is told so', async () => {
    const { page } = me
    await page.goto('/maintenance/new', { waitUntil: 'networkidle' })
    await page.getByLabel('Reason').fill('All of it')
    await page.getByRole('button', { name: 'Add a label' }).click()
    await page.getByLabel('Label', { exact: true }).fill('severity')
    await page.getByLabel('Value').fill('critical')
    await page.getByRole('button', { name: 'Keep it quiet' }).click()
    const words = page.getByText(/Name a service or a source of your teams/)
    await words.waitFor()
    expect(await words.isVisible()).toBe(true)
  })
})
