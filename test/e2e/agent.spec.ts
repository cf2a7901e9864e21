import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { hasChromium, launchChromium } from '../harness/chromium.ts'
import { alertmanagerSays, demoDesk, type Visit, violations, visit } from '../harness/visitor.ts'

describe.skipIf(!hasChromium())('an agent', () => {
  let browser: Browser
  let me: Visit
  const stamp = Date.now()

  beforeAll(async () => {
    browser = await launchChromium()
    me = await visit(browser, 'agent')
  })
  afterAll(() => browser?.close())

  it('pages a colleague by hand, who is asked about before they are woken', async () => {
    const { page } = me
    const { number } = await open('The badge printer smokes')
    await goTo(page, number)
    await press(page, 'b', page.getByRole('dialog'))
    const dialog = page.getByRole('dialog')
    await dialog.getByText('On call now').waitFor()
    await dialog.getByRole('combobox').fill('Irina')
    await dialog.locator('[data-selected]', { hasText: 'Irina Petrescu' }).waitFor()
    await page.keyboard.press('Enter')
    await dialog.getByText('Page Irina Petrescu?').waitFor()
    expect(await pagesOf(number)).toEqual([])
    expect(await violations(page)).toEqual([])
    await dialog.getByRole('button', { name: 'Page', exact: true }).click()
    await page.getByRole('complementary').getByText('A colleague paged this person by hand.').waitFor()
    expect(await pagesOf(number)).toEqual(['Irina Petrescu'])
  })

  it('follows a ticket by its key, and takes that back', async () => {
    const { page } = me
    const { number } = await open('The lobby screen is dark')
    await goTo(page, number)
    await press(page, 'w', page.getByText(`You follow ${number}`))
    const followed = page.getByRole('region', { name: 'Facts' }).getByText('Followed by')
    await followed.waitFor()
    await page.keyboard.press('z')
    await followed.waitFor({ state: 'detached' })
    expect(((await get(`/tickets/${number}`)) as { watchers: unknown[] }).watchers).toEqual([])
  })

  it('takes a link away from either side, and puts it back', async () => {
    const { page } = me
    const [one, other] = [await open('One'), await open('Other')]
    await post(`/tickets/${one.number}/link`, { kind: 'caused_by', number: other.number })
    await goTo(page, other.number)
    const linked = page.getByRole('link', { name: new RegExp(one.number) })
    await linked.waitFor()
    await page.getByRole('button', { name: `Take the link to ${one.number} away` }).click()
    await linked.waitFor({ state: 'detached' })
    await page.getByRole('button', { name: 'Undo' }).first().click()
    await linked.waitFor()
    const { links } = (await get(`/tickets/${one.number}`)) as { links: unknown[] }
    expect(links).toMatchObject([{ number: other.number, kind: 'caused_by', outward: true }])
  })

  it('raises a problem from an incident by keyboard, and writes how to live with it', async () => {
    const { page } = me
    const { number } = await open('The till prints nothing')
    await goTo(page, number)
    await press(page, 'o', page.getByText('PRB-').first())
    await page.waitForURL(/PRB-/)
    const dialog = page.getByRole('dialog')
    await press(page, 'u', dialog)
    await dialog.getByRole('textbox', { name: 'Root cause' }).fill('A worn head')
    await page.keyboard.press('Tab')
    await page.keyboard.type('Print by hand')
    await page.keyboard.press('Tab')
    await page.keyboard.press('Space')
    expect(await violations(page)).toEqual([])
    await dialog.getByRole('button', { name: 'Save' }).press('Enter')
    await page.getByRole('link', { name: 'Known error' }).waitFor()
    await page.getByRole('button', { name: 'Publish the workaround' }).press('Enter')
    await page.getByText('Shown beside its incidents since').waitFor()
    expect(await violations(page)).toEqual([])
    await goTo(page, number)
    await page
      .getByRole('region', { name: /Known error/ })
      .getByText('Print by hand')
      .waitFor()
  })

  it('plans a change by keyboard; it stands in the calendar', async () => {
    const { page } = me
    const change = {
      type: 'standard',
      risk: 'low',
      risk_reason: 'Routine',
      implementation_plan: 'x',
      backout_plan: 'y',
    }
    const service_id = ((await get('/services')) as { items: { id: string; key: string }[] }).items.find(
      ({ key }) => key === 'platform',
    )!.id
    const { number } = await open('Swap the fan', { kind: 'change', service_id, change })
    await goTo(page, number)
    const dialog = page.getByRole('dialog')
    await press(page, 'u', dialog)
    const soon = new Date(Date.now() + 2 * 3_600_000).toISOString()
    await dialog.getByLabel('Planned start').fill(soon.slice(0, 16))
    await dialog.getByLabel('Planned end').fill(`${soon.slice(0, 11)}23:59`)
    await dialog.getByRole('button', { name: 'Save' }).press('Enter')
    await dialog.waitFor({ state: 'detached' })
    await page.getByRole('button', { name: 'Schedule' }).press('Enter')
    await page.getByRole('heading', { name: 'Keeps quiet' }).waitFor()
    expect(await violations(page)).toEqual([])
    await page.goto(`/changes?view=week&date=${soon.slice(0, 10)}`)
    await page
      .getByRole('link', { name: /Swap the fan/ })
      .filter({ visible: true })
      .first()
      .waitFor()
    expect(await violations(page)).toEqual([])
  })

  it('tells people of a major incident by keyboard, one of them says it hits them too, and it is reviewed', async () => {
    const { page } = me
    const { number } = await open('The core switch of hall 2 reboots')
    const { person } = (await (await page.request.get('/api/v1/me')).json()) as { person: { id: string } }
    await post(`/tickets/${number}/propose-major`, {})
    await post(`/tickets/${number}/declare-major`, { lead_id: person.id, update_every_minutes: 30 })
    await goTo(page, number)
    const dialog = page.getByRole('dialog')
    await press(page, 'y', dialog)
    await page.keyboard.type('No network in hall 2')
    await page.keyboard.press('Tab')
    await page.keyboard.type('Everybody in hall 2')
    await page.keyboard.press('Tab')
    await page.keyboard.type('We are replacing a part.')
    await dialog.getByRole('button', { name: 'Send the update' }).press('Enter')
    await page.getByText(/Next update in (29|30) min/).waitFor()

    const employee = await visit(browser, 'employee')
    await employee.page.goto('/portal')
    const outage = employee.page.getByRole('article', { name: 'No network in hall 2' })
    await employee.page.waitForLoadState('networkidle')
    await outage.getByRole('button', { name: 'This hits me too' }).press('Enter')
    await outage.getByText('You hear of it by mail.').waitFor()
    expect(await employee.page.locator('main').innerText()).not.toContain('core switch')
    await employee.context.close()

    await post(`/tickets/${number}/resolve`, {})
    await page.goto(`/tickets/${number}/review`)
    await page.waitForLoadState('networkidle')
    for (const text of ['What happened', 'Impact', 'Root cause'])
      await page.getByLabel(text).fill(`${text}, in a word`)
    await page.getByRole('button', { name: 'Finish the review' }).press('Enter')
    await page.getByRole('button', { name: 'Reopen the review' }).waitFor()
    expect(await violations(page)).toEqual([])
    await page.goto('/reviews')
    await page.getByRole('heading', { level: 1, name: 'Reviews' }).waitFor()
    expect(await violations(page)).toEqual([])
  })

  it('writes by keyboard: a colleague by name, a draft found again, a macro seen before it is applied', async () => {
    const { page } = me
    const { items: services } = (await get('/services')) as { items: { id: string }[] }
    const { number } = await open('The label printer is out of ink', { service_id: services[0]!.id })
    await goTo(page, number)
    const box = page.getByRole('textbox', { name: 'Internal note' })
    await press(page, 'n', page.locator('textarea:focus'))
    await page.keyboard.type('Ask @Irina')
    await page.getByRole('option', { name: 'Irina Petrescu' }).waitFor()
    await page.keyboard.press('Enter')
    await page.keyboard.type('for a cartridge')
    await page.getByText('Draft kept').waitFor()
    await page.reload({ waitUntil: 'load' })
    await page.getByText('Restored: you wrote this').waitFor()
    expect(await box.inputValue()).toBe('Ask @Irina Petrescu for a cartridge')
    await press(page, 'n', page.locator('textarea:focus'))
    await page.keyboard.press('Control+Enter')
    await page.getByRole('region', { name: 'Story' }).getByText('Ask @Irina Petrescu').waitFor()
    await page.keyboard.press('Escape')

    await press(page, 'x', page.getByRole('dialog'))
    const dialog = page.getByRole('dialog')
    await page.keyboard.type('vendor')
    await dialog.locator('[data-selected]', { hasText: 'Waiting for the vendor' }).waitFor()
    await page.keyboard.press('Enter')
    await dialog.getByText('a vendor').first().waitFor()
    await dialog.getByText('Asked the vendor').waitFor()
    expect(await violations(page)).toEqual([])
    await page.keyboard.press('Enter')
    await page.getByText('applied the macro “Waiting for the vendor”').waitFor()
    expect(await get(`/tickets/${number}`)).toMatchObject({ state: 'pending', tags: ['vendor'] })
  })

  it('keeps a checklist, writes time down and asks to be reminded, by keyboard alone', async () => {
    const { page } = me
    const { number } = await open('The plotter needs a belt')
    const keys = async (...pressed: string[]) => {
      for (const key of pressed) await page.keyboard.press(key)
    }
    await goTo(page, number)
    const list = page.getByRole('list', { name: 'Checklist' })
    await press(page, 'd', page.locator('input:focus'))
    for (const text of ['Order the belt', 'Fit it']) {
      await page.keyboard.type(text)
      await keys('Enter')
      await list.getByText(text).waitFor()
    }
    const point = list.getByRole('checkbox', { name: 'Fit it' })
    await point.focus()
    await keys('Alt+ArrowUp')
    await expect.poll(() => list.getByRole('listitem').first().textContent()).toContain('Fit it')
    await keys('Space')
    await expect.poll(() => point.isChecked()).toBe(true)
    await page.evaluate('document.activeElement.blur()')
    await press(page, 'h', page.locator('input:not([type=checkbox]):focus'))
    await page.keyboard.type('1h 15m')
    await keys('Enter')
    await page.getByRole('list', { name: 'Time spent' }).getByText('1 h 15 min').waitFor()
    await page.evaluate('document.activeElement.blur()')
    await press(page, 'q', page.getByRole('dialog').getByText(`Remind me of ${number}`))
    await page.getByRole('dialog').getByRole('button', { name: 'Remind me', exact: true }).press('Enter')
    await page.getByText(`You will be reminded of ${number}`).waitFor()
    await page.goto('/reminders')
    await page.getByRole('link', { name: new RegExp(number) }).waitFor()
    expect(await violations(page)).toEqual([])
  })

  it('reads a long story from its end, and earlier lines on demand', async () => {
    const { page } = me
    const { number } = await open('It goes on and on')
    for (let note = 1; note <= 104; note++) await post(`/tickets/${number}/note`, { body: `line ${note}.` })
    await goTo(page, number)
    await page.getByText('line 104.').waitFor()
    expect(await page.getByText('line 1.', { exact: true }).count()).toBe(0)
    await page.getByRole('button', { name: 'Show earlier lines' }).click()
    await page.getByText('line 1.', { exact: true }).waitFor()
    await page.getByRole('button', { name: 'Show earlier lines' }).waitFor({ state: 'detached' })
    await post(`/tickets/${number}/note`, { body: 'line 105.' })
    await page.getByText('line 105.').waitFor()
    expect(await page.getByText('line 1.', { exact: true }).count()).toBe(1)
  })

  it('sees what else is wrong with the service, and goes there', async () => {
    const { page } = me
    const { items } = (await get('/tickets?state=open&kind=incident&service=platform&limit=1')) as {
      items: { service: { id: string } }[]
    }
    const service = items[0]!.service.id
    const [here, beside] = [
      await open('Here', { service_id: service }),
      await open(`Beside ${stamp}`, { service_id: service, impact: 'high', urgency: 'high' }),
    ]
    await goTo(page, here.number)
    const health = page.getByRole('region', { name: 'Health now' })
    await health.getByText('Down').waitFor()
    await health.getByRole('link', { name: new RegExp(beside.number) }).click()
    await page.getByRole('heading', { level: 1, name: `Beside ${stamp}` }).waitFor()
    expect(new URL(page.url()).pathname).toBe(`/tickets/${beside.number}`)
  })

  it('acknowledges an incident, and the alerts console says so of its alerts', async () => {
    const { page } = me
    const name = `QueueStuck${stamp}`
    await alertmanagerSays({
      name,
      fingerprint: name.toLowerCase(),
      status: 'firing',
      service: 'platform',
      startsAt: new Date().toISOString(),
    })
    await page.goto(`/alerts?q=${name}`)
    const row = page.getByRole('listitem').filter({ hasText: name }).first()
    await row.getByText('Firing').waitFor()
    await expect.poll(async () => (await listed(name)).length, { timeout: 10_000 }).toBe(1)
    await post(`/tickets/${(await listed(name))[0]!.number}/acknowledge`, {})
    await row.getByText('Acknowledged').waitFor()
  })

  it('works the queue and a ticket by keyboard alone: many at once, undone, kept as a view, answered', async () => {
    const { page } = me
    const word = `keyboard${stamp}`
    const [one, two] = [await open(`First ${word}`), await open(`Second ${word}`)]
    await page.goto(`/tickets?f=${word}`)
    await page.getByText('Second').first().waitFor()
    const dialog = page.getByRole('dialog')
    const keys = async (...pressed: string[]) => {
      for (const key of pressed) await page.keyboard.press(key)
    }
    await press(page, 'x', page.getByText('1 selected'))
    await keys('j', 'j', 'Shift+x')
    await page.getByText('2 selected').first().waitFor()
    await press(page, 'Shift+p', dialog.getByText('Edit 2 tickets'))
    await page.locator('[data-field="priority"] select:focus').waitFor()
    await keys('P', '2')
    expect(await violations(page)).toEqual([])
    await keys('Control+Enter')
    await page.getByText('2 tickets changed').waitFor()
    const prioritiesAre = (wanted: string) =>
      expect
        .poll(async () => [await priorityOf(one.number), await priorityOf(two.number)], { timeout: 5000 })
        .toEqual([wanted, wanted])
    await prioritiesAre('P2')
    await keys('z')
    await page.getByText('2 tickets are as they were').waitFor()
    await prioritiesAre('P4')

    await press(page, 'Shift+v', dialog.getByText('New view'))
    await page.keyboard.type(`Kept ${stamp}`)
    await keys('Enter')
    await page
      .getByRole('link', { name: `Kept ${stamp} 2` })
      .first()
      .waitFor()
    await press(page, 'v', dialog.getByText(`Kept ${stamp}`))
    expect(await violations(page)).toEqual([])
    await keys('Escape')

    await keys('j', 'n')
    await page.waitForURL(/write=note/)
    await page.locator('textarea:focus').waitFor()
    await page.keyboard.type('Seen from the keyboard')
    await keys('Control+Enter')
    await page.getByRole('listitem').filter({ hasText: 'Seen from the keyboard' }).first().waitFor()
  })

  it('hands a ticket to a team of others, is told, and goes on with the queue', async () => {
    const { page } = me
    const { number } = await open('Not ours')
    const { items } = (await get('/teams')) as {
      items: { id: string; name: string; members: { name: string }[] }[]
    }
    const theirs = items.find(({ members }) => !members.some((member) => member.name === 'Sam Okoro'))!
    await goTo(page, number)
    await press(page, 'm', page.getByRole('dialog'))
    await page.getByRole('dialog').getByRole('combobox').fill(theirs.name)
    await page.locator('[data-selected]', { hasText: theirs.name }).waitFor()
    await page.keyboard.press('Enter')
    await page.waitForURL('**/tickets')
    await page.getByText(`${number} now belongs to others, who alone see it`).waitFor()
    expect((await page.request.get(`/api/v1/tickets/${number}`)).status()).toBe(404)
  })

  it.each(['light', 'dark'] as const)(
    'has a ticket page that everybody can use (%s)',
    async (colorScheme) => {
      const { page } = me
      await page.emulateMedia({ colorScheme })
      await page.goto(`/tickets/${(await listed(`QueueStuck${stamp}`))[0]!.number}`)
      await page.getByRole('heading', { level: 1 }).waitFor()
      expect(await violations(page)).toEqual([])
    },
  )

  it('meets no error of the page’s own', () => {
    expect(me.errors).toEqual([])
  })

  async function goTo(page: Page, number: string): Promise<void> {
    await page.goto(`/tickets/${number}`)
    await page.getByRole('heading', { level: 1 }).waitFor()
  }

  /** Presses a key until the page, which must first come alive, shows what it does. */
  const press = (page: Page, key: string, shown: { count: () => Promise<number> }) =>
    expect
      .poll(
        async () => {
          if ((await shown.count()) === 0) await page.keyboard.press(key)
          return shown.count()
        },
        { timeout: 10_000, interval: 300 },
      )
      .toBeGreaterThan(0)

  async function call(method: string, path: string, body?: unknown): Promise<unknown> {
    const desk = demoDesk()
    const answer = await fetch(`${desk.app}/api/v1${path}`, {
      method,
      headers: { authorization: `Bearer ${desk.apiKey}`, 'content-type': 'application/json' },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    })
    expect({ path, ok: answer.ok }).toEqual({ path, ok: true })
    return answer.json()
  }
  const get = (path: string) => call('GET', path)
  const priorityOf = async (number: string) =>
    ((await get(`/tickets/${number}`)) as { priority: string }).priority
  const post = (path: string, body: unknown) => call('POST', path, body)

  async function open(title: string, more: Record<string, unknown> = {}): Promise<{ number: string }> {
    const { items } = (await get('/teams')) as { items: { id: string; name: string }[] }
    const team_id = items.find(({ name }) => name === 'Platform')!.id
    return (await post('/tickets', { kind: 'incident', title, team_id, ...more })) as { number: string }
  }
  const listed = async (words: string) =>
    ((await get(`/tickets?q=${words}`)) as { items: { number: string }[] }).items
  const pagesOf = async (number: string) =>
    ((await get(`/pages?ticket=${number}`)) as { items: { recipient: { name: string } }[] }).items.map(
      ({ recipient }) => recipient.name,
    )
})
