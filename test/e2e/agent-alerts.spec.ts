import type { Browser, Locator, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { hasChromium, launchChromium } from '../harness/chromium.ts'
import { until } from '../harness/index.ts'
import { alive } from '../harness/keyboard.ts'
import { alertmanagerSays, demoDesk, type Visit, violations, visit } from '../harness/visitor.ts'

interface Seen {
  id: string
  status: string
  title: string
  ticket: { number: string } | null
}

describe.skipIf(!hasChromium())('an agent and what was grouped, by keyboard alone', () => {
  let browser: Browser
  let me: Visit
  let page: Page
  const stamp = Date.now()
  const name = `Valve${stamp}`
  let alerts: Seen[]

  beforeAll(async () => {
    browser = await launchChromium()
    me = await visit(browser, 'agent')
    page = me.page
    for (const place of ['north', 'south', 'east'])
      await alertmanagerSays({
        name,
        fingerprint: `${place}${stamp}`,
        status: 'firing',
        service: 'platform',
        summary: `${name} ${place}`,
        startsAt: new Date().toISOString(),
      })
    await until(async () => {
      alerts = await read()
      return alerts.length === 3 && alerts.every(({ ticket }) => ticket)
    })
  })
  afterAll(() => browser?.close())

  async function read(): Promise<Seen[]> {
    const answer = await fetch(`${demoDesk().app}/api/v1/alerts?q=${name}`, {
      headers: { authorization: `Bearer ${demoDesk().apiKey}` },
    })
    return ((await answer.json()) as { items: Seen[] }).items
  }
  const ticketOf = async (place: string) =>
    (await read()).find(({ title }) => title.endsWith(place))?.ticket?.number
  const statusOf = async (id: string) => (await read()).find((one) => one.id === id)?.status
  const open = async (path: string) => {
    await page.goto(path)
    await alive(page)
  }
  const enter = async (button: Locator) => {
    await button.focus()
    await page.keyboard.press('Enter')
  }
  /** What the page can do beyond its buttons. */
  async function command(words: string) {
    await enter(page.getByRole('button', { name: 'More actions' }))
    await page.getByRole('menuitem', { name: words }).focus()
    await page.keyboard.press('Enter')
  }

  it('lets an alert rest from its own page, and wakes it', async () => {
    await open(`/alerts/${alerts[0]!.id}`)
    expect(await violations(page)).toEqual([])
    await enter(page.getByRole('button', { name: 'Snooze' }))
    await page.getByRole('menu').waitFor()
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('Enter')
    await page.getByText(`Snoozed: ${alerts[0]!.title}`).waitFor()
    const wake = page.getByRole('button', { name: 'Wake it now' })
    await wake.waitFor()
    expect(await statusOf(alerts[0]!.id)).toBe('acknowledged')
    await enter(wake)
    await page.getByText(`It is taken up again: ${alerts[0]!.title}`).waitFor()
    await page.getByRole('button', { name: 'Snooze' }).waitFor()
    // The sweep takes it up, a moment after what the page says.
    await until(async () => (await statusOf(alerts[0]!.id)) === 'firing')
  })

  it('takes one out, splits another off, and merges what was split', async () => {
    const number = alerts[0]!.ticket!.number
    await open(`/tickets/${number}`)
    await enter(page.getByRole('button', { name: `Take out “${name} north”` }))
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('Why').waitFor()
    await dialog.getByLabel('Why').focus()
    await page.keyboard.type('Another plant')
    expect(await violations(page)).toEqual([])
    await enter(dialog.getByRole('button', { name: 'Take out' }))
    await page.getByText(`Taken out of ${number}`).waitFor()
    expect(await ticketOf('north')).toBeUndefined()

    await command('Split…')
    await dialog.getByRole('checkbox', { name: `${name} south` }).focus()
    await page.keyboard.press('Space')
    await enter(dialog.getByRole('button', { name: 'Split' }))
    await page.waitForURL((url) => url.pathname !== `/tickets/${number}`)
    const apart = await ticketOf('south')
    expect(apart).not.toBe(number)
    await page.getByRole('heading', { level: 1 }).waitFor()

    await command('Merge…')
    await dialog.getByRole('textbox').waitFor()
    await page.keyboard.type(number)
    await page.keyboard.press('Enter')
    await dialog.getByText(`Merge ${apart} into ${number}?`).waitFor()
    await enter(dialog.getByRole('button', { name: 'Merge' }))
    await page.waitForURL(`**/tickets/${number}`)
    expect(await ticketOf('south')).toBe(number)
    expect(me.errors).toEqual([])
  })
})
