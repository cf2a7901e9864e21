import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { hasChromium, launchChromium } from '../harness/chromium.ts'
import { type Keyboard, keyboardOf } from '../harness/keyboard.ts'
import { type Visit, violations, visit } from '../harness/visitor.ts'

/** How many pixels of the first chart are of the accent's own colour. */
const accented = (page: Page): Promise<number> =>
  page.evaluate(`(() => {
    const canvas = document.querySelector('section canvas')
    const probe = canvas.parentElement.appendChild(document.createElement('span'))
    probe.style.color = 'var(--accent)'
    const accent = document.createElement('canvas').getContext('2d')
    accent.fillStyle = getComputedStyle(probe).color
    accent.fillRect(0, 0, 1, 1)
    probe.remove()
    const wanted = accent.getImageData(0, 0, 1, 1).data.join()
    const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height)
    let count = 0
    for (let at = 0; at < data.length; at += 4) if (data.slice(at, at + 4).join() === wanted) count++
    return count
  })()`)

describe.skipIf(!hasChromium())('a manager', () => {
  let browser: Browser
  let me: Visit
  let hands: Keyboard

  beforeAll(async () => {
    browser = await launchChromium()
    me = await visit(browser, 'manager')
    hands = keyboardOf(me.page)
  })
  afterAll(() => browser?.close())

  it('reads figures that say how they are counted and that they equal the record', async () => {
    const { page } = me
    await hands.open('/insights?days=90')
    await page.getByText(/Equal to the record as of/).waitFor()
    await expect.poll(() => page.locator('canvas').count(), { timeout: 15_000 }).toBeGreaterThan(8)
    // Drawn in our colour, not in whatever a library falls back on.
    await expect.poll(() => accented(page)).toBeGreaterThan(200)
    await hands.press(page.getByRole('button', { name: /How is this counted\? Time to resolve/ }).first())
    await page.getByRole('dialog').getByText('Time to resolve').waitFor()
    await page.keyboard.press('Escape')
  })

  it('narrows them, and the address keeps the question', async () => {
    const { page } = me
    await hands.choose(page.getByRole('combobox', { name: 'Priority' }), 'P1')
    await page.waitForURL('**/insights?*priority=P1*')
    await page.reload()
    expect(await page.getByRole('combobox', { name: 'Priority' }).inputValue()).toBe('P1')
    await hands.press(page.getByRole('button', { name: 'Clear the filters' }))
    await page.waitForURL((url) => !url.search.includes('priority'))
  })

  it('opens the table behind a chart and goes from a figure to its tickets', async () => {
    const { page } = me
    const chart = page.getByRole('region', { name: 'How much comes in?' }).first()
    await hands.press(chart.getByRole('button', { name: 'Show as a table' }))
    const row = chart.getByRole('row').nth(2)
    const count = Number((await row.getByRole('cell').first().innerText()).replace(/\D/g, ''))
    await hands.press(row.getByRole('link'))
    await page.waitForURL('**/tickets?*created_from=*')
    await page.getByText('Behind a point of a chart').waitFor()
    const query = new URL(page.url()).search
    const listed = await page.evaluate(async (search) => {
      const answer = await fetch(`/api/v1/tickets${search}&limit=200`)
      return ((await answer.json()) as { items: unknown[] }).items.length
    }, query)
    expect(listed).toBe(Math.min(count, 200))
  })

  it('sees in which hours of the week people are woken, the same in the table as in the record', async () => {
    const { page } = me
    await hands.open('/insights?days=90')
    const chart = page.getByRole('region', { name: 'When are people woken?' })
    await hands.press(chart.getByRole('button', { name: 'Show as a table' }))
    const cells = await chart.locator('tbody td').allInnerTexts()
    expect(cells).toHaveLength(7 * 24)
    const shown = cells.reduce((sum, cell) => sum + Number(cell), 0)
    const panel = page.locator('div', { has: chart }).last()
    expect(await panel.innerText()).toContain(`n = ${new Intl.NumberFormat('en').format(shown)}`)
    expect(shown).toBeGreaterThan(0)
  })

  it('reads how a figure is counted in their own language', async () => {
    const { page, context } = await visit(browser, 'manager', { locale: 'it-IT' })
    const theirs = keyboardOf(page)
    await theirs.open('/insights')
    await theirs.press(page.getByRole('button', { name: /Ticket aperti/ }).first())
    await page.getByRole('dialog').waitFor()
    expect(await page.getByRole('dialog').innerText()).toContain('Contati all’istante dell’apertura.')
    await context.close()
  })

  it('takes the figures away as CSV', async () => {
    const { page } = me
    await hands.open('/insights')
    const link = page.getByRole('link', { name: /Download “How much comes in\?” as CSV/ })
    const answer = await page.request.get((await link.getAttribute('href'))!)
    expect(answer.headers()['content-type']).toContain('text/csv')
    expect(await answer.text()).toMatch(/key,label,at,value,n/)
  })

  it('is told when a period holds nothing', async () => {
    const { page } = me
    await hands.open('/insights?from=2001-01-01&to=2001-01-31')
    await page.getByText('Nothing in this period').first().waitFor()
    expect(me.errors).toEqual([])
  })

  it.each([
    { colorScheme: 'light' as const, width: 1440 },
    { colorScheme: 'dark' as const, width: 390 },
  ])('has a page that everybody can use ($colorScheme, $width px)', async ({ colorScheme, width }) => {
    const { page } = me
    await page.emulateMedia({ colorScheme })
    await page.setViewportSize({ width, height: 900 })
    await hands.open('/insights')
    await page.getByText(/Equal to the record as of/).waitFor()
    expect(await violations(page)).toEqual([])
  })

  it('hands a ticket on from the live view: by keyboard, taken back, and by dragging', async () => {
    const { page } = me
    await page.setViewportSize({ width: 1440, height: 900 })
    await hands.open('/live')
    const people = page.getByRole('region', { name: 'Who has what?' }).locator('ul').first().locator('> li')
    const button = people
      .nth(1)
      .getByRole('button', { name: /^Hand on/ })
      .first()
    const number = (await button.getAttribute('aria-label'))!.replace('Hand on ', '')
    const held = (row: number) => people.nth(row).getByRole('link', { name: number })
    await hands.press(button)
    const dialog = page.getByRole('dialog')
    await dialog.getByRole('option').nth(1).waitFor()
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('Enter')
    const told = page.getByText(`${number} assigned to`)
    await told.waitFor()
    await expect.poll(() => held(1).count()).toBe(0)
    await page.keyboard.press('z')
    await held(1).waitFor()
    await held(1).dragTo(people.nth(2))
    await told.waitFor()
    await expect.poll(() => held(1).count()).toBe(0)
    expect(await violations(page)).toEqual([])
    expect(me.errors).toEqual([])
  })

  it('meets no error of the page’s own', () => {
    expect(me.errors).toEqual([])
  })
})
