import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { hasChromium, launchChromium } from '../harness/chromium.ts'
import { type Keyboard, keyboardOf } from '../harness/keyboard.ts'
import { until } from '../harness/until.ts'
import { alertmanagerSays, demoDesk, type Visit, visit } from '../harness/visitor.ts'

/**
 * The main job, each person in their own browser: monitoring fires, the person on call is woken and takes it,
 * an agent solves it, an employee's request travels beside it, and the manager sees the figures.
 */
describe.skipIf(!hasChromium())('the whole story', () => {
  let browser: Browser
  let agent: Visit
  let onCall: Visit
  let employee: Visit
  let hands: Keyboard
  const name = `CheckoutDown${Date.now()}`
  const title = `${name} on web-9`
  const startsAt = new Date().toISOString()
  const says = (status: 'firing' | 'resolved') =>
    alertmanagerSays({ name, fingerprint: name.toLowerCase(), status, service: 'platform', startsAt })
  let number: string

  beforeAll(async () => {
    browser = await launchChromium()
    agent = await visit(browser, 'agent')
    hands = keyboardOf(agent.page)
    onCall = await visit(browser, 'on_call', { width: 390, height: 844 })
    employee = await visit(browser, 'employee')
  })
  afterAll(() => browser?.close())

  it('an alert opens an incident on the open queue, without reload', async () => {
    await agent.page.goto('/tickets')
    await onCall.page.goto('/oncall')
    await agent.page.locator('main').getByRole('link').first().waitFor()
    expect((await says('firing')).status).toBe(200)
    await agent.page.getByText(title).first().waitFor()
    number = await numberOf(title)
    expect(number).toMatch(/^INC-\d+$/)
  })

  it('the person on call is told why it is them, and acknowledges with one tap on the phone', async () => {
    const token = await tokenMailed()
    const card = onCall.page.getByRole('article').filter({ hasText: number })
    await card.waitFor()
    expect(await card.innerText()).toMatch(/why you/i)
    const tap = card.getByRole('button', { name: /acknowledge/i })
    const box = (await tap.boundingBox())!
    expect(box.height).toBeGreaterThanOrEqual(44)
    await tap.click()
    await card.waitFor({ state: 'detached' })
    const spent = await fetch(`${demoDesk().app}/api/v1/acknowledge/${token}`, { method: 'POST' })
    expect(spent.status).toBe(410)
  })

  it('the agent sees who took it and why it was grouped, and resolves it by keyboard', async () => {
    const { page } = agent
    await hands.open(`/tickets/${number}`)
    const seen = await page.locator('main').innerText()
    expect(seen).toContain('Irina Petrescu')
    expect(seen).toMatch(/acknowledged/i)
    await says('resolved')
    await write('n', 'The pool was full; recycled it.')
    await page.getByText('The pool was full; recycled it.').first().waitFor()
    await page.keyboard.press('Escape')
    await hands.keys('e')
    await page.getByRole('dialog').getByRole('textbox').waitFor()
    await hands.keys('Control+Enter')
    await stateBecomes('resolved')
  })

  it('an employee asks for something, the agent answers, and both see the same words', async () => {
    const { page } = employee
    const { number: request } = await fileFault(page)
    await hands.open(`/tickets/${request}`)
    await write('r', 'We are sending somebody to the second floor.')
    await page.getByText('We are sending somebody to the second floor.').first().waitFor()
    expect(await page.locator('body').innerText()).not.toContain('The pool was full')
  })

  it('the manager sees both in the figures, equal to the record', async () => {
    const manager = await visit(browser, 'manager')
    await manager.page.goto('/insights')
    await manager.page
      .getByText(/equal to the record/i)
      .first()
      .waitFor()
    expect(manager.errors).toEqual([])
    const counted = async (kind: string) => {
      const from = new Date(Date.now() - 86_400_000).toISOString()
      const to = new Date(Date.now() + 3_600_000).toISOString()
      return ((await get(`/api/v1/kpis/volume?from=${from}&to=${to}&kind=${kind}`)) as { n: number }).n
    }
    const listed = async (kind: string) => {
      const from = new Date(Date.now() - 86_400_000).toISOString()
      return (
        (await get(`/api/v1/tickets?kind=${kind}&created_from=${from}&limit=200`)) as { items: unknown[] }
      ).items.length
    }
    await expect
      .poll(async () => (await counted('incident')) === (await listed('incident')), { timeout: 20_000 })
      .toBe(true)
    await manager.context.close()
  })

  it('no page threw anything', () => {
    expect([...agent.errors, ...onCall.errors, ...employee.errors]).toEqual([])
  })

  /** The key that opens the composer, the words, and send. */
  async function write(key: string, words: string): Promise<void> {
    await hands.keys(key)
    await agent.page.locator('textarea:focus').waitFor()
    await agent.page.keyboard.type(words)
    await hands.keys('Control+Enter')
  }

  /** What stands in the mail that woke them. Another story may have used up their one message of this minute. */
  async function tokenMailed(): Promise<string> {
    interface Mail {
      id: string
      subject: string
    }
    return until(
      async () => {
        const { items } = (await get('/api/v1/mailbox?limit=50')) as { items: Mail[] }
        const mail = items.find(({ subject }) => subject.includes(number))
        if (!mail) return undefined
        const { text } = (await get(`/api/v1/mailbox/${mail.id}`)) as { text: string }
        return /\/ack\/(\S+)/.exec(text.slice(text.indexOf(number)))?.[1]
      },
      { deadline: 90_000, every: 500, what: 'the mail that wakes them' },
    )
  }

  async function get(path: string): Promise<unknown> {
    const desk = demoDesk()
    const answer = await fetch(desk.app + path, { headers: { authorization: `Bearer ${desk.apiKey}` } })
    expect(answer.status).toBe(200)
    return answer.json()
  }
  async function numberOf(words: string): Promise<string> {
    const { items } = (await get(`/api/v1/tickets?q=${encodeURIComponent(words)}`)) as {
      items: { number: string }[]
    }
    return items[0]!.number
  }
  const stateBecomes = (state: string) =>
    expect
      .poll(async () => ((await get(`/api/v1/tickets/${number}`)) as { state: string }).state, {
        timeout: 10_000,
      })
      .toBe(state)

  async function fileFault(page: Page): Promise<{ number: string }> {
    const { items } = (await get('/api/v1/catalogue')) as { items: { key: string; kind: string }[] }
    const fault = items.find((item) => item.kind === 'incident')!
    const theirs = keyboardOf(page)
    await theirs.open(`/portal/${fault.key}`)
    for (const box of await page.locator('form input[type=text], form textarea').all())
      await theirs.write(box, 'The printer on the second floor eats paper')
    for (const choice of await page.locator('form select').all()) await theirs.choose(choice, 1)
    await theirs.press(page.locator('form button[type=submit]'))
    await page.waitForURL(/\/portal\/requests\//)
    return { number: /requests\/([A-Z]+-\d+)/.exec(page.url())![1]! }
  }
})
