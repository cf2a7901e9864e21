import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { hasChromium, launchChromium } from '../harness/chromium.ts'
import { until } from '../harness/index.ts'
import { alive, type Keyboard, keyboardOf } from '../harness/keyboard.ts'
import { demoDesk, violations, visit } from '../harness/visitor.ts'

describe.skipIf(!hasChromium())('an administrator and a source that nobody foresaw', () => {
  let browser: Browser
  let page: Page
  let hands: Keyboard
  let id: string
  let key: string
  const name = `Plant ${Date.now()}`

  beforeAll(async () => {
    browser = await launchChromium()
    page = (await visit(browser, 'administrator')).page
    hands = keyboardOf(page)
    const made = await page.request.post('/api/v1/integrations', {
      data: { system: 'webhook', name },
      headers: { origin: demoDesk().app },
    })
    const body = (await made.json()) as { id: string; key: { key: string } }
    id = body.id
    key = body.key.key
  })
  afterAll(() => browser?.close())

  const field = (label: string) => page.getByRole('textbox', { name: new RegExp(`^${label}`) })

  it('maps a message that was not read, sees the event while doing so, and has it read again', async () => {
    const sent = await fetch(`${demoDesk().ingest}/v1/webhook/${key}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ site: 'Turin', readings: [{ sensor: 'T1', heat: 'grave', where: name }] }),
    })
    expect(sent.status).toBe(200)
    await page.goto(`/admin/integrations/${id}`)
    await alive(page)
    await page.getByText('No mapping yet').waitFor()
    const result = page.getByRole('region', { name: 'What it becomes' })
    await result.getByText('Would be set aside as unreadable').waitFor()

    const tree = page.getByRole('group', { name: 'Message received' })
    await hands.write(field('List of elements'), '')
    await field('List of elements').focus()
    await tree.getByRole('button', { name: 'readings [1]' }).press('Enter')
    expect(await field('List of elements').inputValue()).toBe('body.readings')
    // By the keyboard alone: what is chosen goes to the field that one came from.
    await field('Title').focus()
    await tree.getByRole('button', { name: 'where' }).focus()
    await page.keyboard.press('Enter')
    expect(await field('Title').inputValue()).toBe('item.where')
    await result.getByRole('article', { name }).waitFor()

    await hands.write(field('Severity'), 'item.heat +')
    await page
      .getByText(/Expected|Unexpected/)
      .first()
      .waitFor()
    await hands.press(page.getByRole('button', { name: 'Save mapping' }))
    await page
      .getByText('Some fields need another look')
      .or(page.locator('[aria-invalid="true"]'))
      .first()
      .waitFor()
    await hands.write(field('Severity'), 'item.heat')
    await hands.write(field('Key'), 'item.sensor')
    await hands.press(page.getByRole('button', { name: 'Add: Its words for severity' }))
    await hands.write(page.getByRole('textbox', { name: 'The sender’s word' }), 'grave')
    await result.getByText('Critical').waitFor()
    expect(await violations(page)).toEqual([])

    await hands.press(page.getByRole('button', { name: 'Save mapping' }))
    await page.getByText('Version 1 is in force within seconds.').waitFor()
    await hands.press(page.getByRole('button', { name: 'Read 1 unreadable message again' }))
    await until(
      async () => {
        const answer = await page.request.get(`/api/v1/alerts?integration=${id}`)
        const { items } = (await answer.json()) as { items: { title: string; severity: string }[] }
        return items.some((alert) => alert.title === name && alert.severity === 'critical')
      },
      { deadline: 15_000, every: 200 },
    )
    await page.getByText(/read again .* → opened/).waitFor()
  })
})
