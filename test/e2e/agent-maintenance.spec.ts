import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { hasChromium, launchChromium } from '../harness/chromium.ts'
import { type Keyboard, keyboardOf } from '../harness/keyboard.ts'
import { alertmanagerSays, type Visit, violations, visit } from '../harness/visitor.ts'

describe.skipIf(!hasChromium())('an agent before they work on something', () => {
  let browser: Browser
  let me: Visit
  let hands: Keyboard
  const stamp = Date.now()
  const name = `Fan${stamp}`

  beforeAll(async () => {
    browser = await launchChromium()
    me = await visit(browser, 'agent')
    hands = keyboardOf(me.page)
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
    await hands.open(`/alerts?q=${name}`)
    await hands.press(row(page))
    await hands.press(page.getByRole('link', { name: 'Silence this' }))

    // It begins with what the alert is, and shows what that would have muted before anything is saved.
    await page.getByRole('heading', { name: 'Keep something quiet' }).waitFor()
    const preview = page.locator('section', { hasText: 'The last seven days' })
    await preview.getByText(`${name} on web-9`).waitFor()
    expect(await preview.locator('dd').first().textContent()).toBe('1')
    expect(await page.getByLabel('Value').last().inputValue()).toBe(name)
    await hands.press(page.getByRole('button', { name: 'Write it as an expression' }))
    await hands.write(page.getByLabel('Condition'), 'labels.')
    await preview.getByText(/Unexpected|expected|syntax|EOF/i).waitFor()
    await hands.write(page.getByLabel('Condition'), '')
    await hands.write(page.getByLabel('Reason'), `New fan ${stamp}`)
    await hands.press(page.getByRole('button', { name: '2 h' }))
    expect(await violations(page)).toEqual([])
    await hands.press(page.getByRole('button', { name: 'Keep it quiet' }))

    await page.getByRole('region', { name: 'In force' }).getByText(`New fan ${stamp}`).waitFor()
    await page.getByText('holds 1 alert').first().waitFor()
    expect(await violations(page)).toEqual([])
    await hands.open(`/alerts?q=${name}`)
    await row(page).getByText('Suppressed', { exact: true }).waitFor()
    await page.getByText(/muted by/).waitFor()
    await hands.press(row(page))
    await hands.press(page.getByRole('link', { name: `New fan ${stamp}` }))

    // It takes longer than planned, and for another reason: nothing of what it holds is let go meanwhile.
    await hands.press(page.getByRole('button', { name: '4 h longer' }))
    await page.getByText(/Quiet until/).waitFor()
    await hands.press(page.getByRole('link', { name: 'Change', exact: true }))
    await page.getByRole('heading', { name: `Change “New fan ${stamp}”` }).waitFor()
    await hands.write(page.getByLabel('Reason'), `Two fans ${stamp}`)
    expect(await violations(page)).toEqual([])
    await hands.press(page.getByRole('button', { name: 'Save' }))
    await page.getByRole('heading', { name: `Two fans ${stamp}` }).waitFor()
    await page.getByText('holds 1 alert').first().waitFor()

    await hands.press(page.getByRole('button', { name: 'End now' }))
    const sure = page.getByRole('dialog')
    await sure.getByText(`End “Two fans ${stamp}” now?`).waitFor()
    await hands.press(sure.getByRole('button', { name: 'End now' }))
    await page.getByRole('region', { name: 'Past' }).getByText(`Two fans ${stamp}`).waitFor()
    await hands.open(`/alerts?q=${name}`)
    await row(page).getByText('Firing', { exact: true }).waitFor()
    expect(me.errors).toEqual([])
  })

  it('may not silence what is nobody’s or another team’s, and is told so', async () => {
    const { page } = me
    await hands.open('/maintenance/new')
    await hands.write(page.getByLabel('Reason'), 'All of it')
    await hands.press(page.getByRole('button', { name: 'Add a label' }))
    await hands.write(page.getByLabel('Label', { exact: true }), 'severity')
    await hands.write(page.getByLabel('Value'), 'critical')
    await hands.press(page.getByRole('button', { name: 'Keep it quiet' }))
    const words = page.getByText(/Name a service or a source of your teams/)
    await words.waitFor()
    expect(await words.isVisible()).toBe(true)
  })
})
