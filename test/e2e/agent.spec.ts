import type { Browser, Locator } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { hasChromium, launchChromium } from '../harness/chromium.ts'
import { type Keyboard, keyboardOf } from '../harness/keyboard.ts'
import { alertmanagerSays, demoDesk, type Visit, violations, visit } from '../harness/visitor.ts'

describe.skipIf(!hasChromium())('an agent', () => {
  let browser: Browser
  let me: Visit
  let hands: Keyboard
  const stamp = Date.now()

  beforeAll(async () => {
    browser = await launchChromium()
    me = await visit(browser, 'agent')
    hands = keyboardOf(me.page)
  })
  afterAll(() => browser?.close())

  it('pages a colleague by hand, who is asked about before they are woken', async () => {
    const { page } = me
    const { number } = await open('The badge printer smokes')
    await goTo(number)
    await shows('b', page.getByRole('dialog'))
    const dialog = page.getByRole('dialog')
    await dialog.getByText('On call now').waitFor()
    await page.keyboard.type('Irina')
    await dialog.locator('[data-selected]', { hasText: 'Irina Petrescu' }).waitFor()
    await page.keyboard.press('Enter')
    await dialog.getByText('Page Irina Petrescu?').waitFor()
    expect(await pagesOf(number)).toEqual([])
    expect(await violations(page)).toEqual([])
    await hands.press(dialog.getByRole('button', { name: 'Page', exact: true }))
    await page.getByRole('complementary').getByText('A colleague paged this person by hand.').waitFor()
    expect(await pagesOf(number)).toEqual(['Irina Petrescu'])
  })

  it('follows a ticket by its key, takes that back, and lets a colleague follow it', async () => {
    const { page } = me
    const { number } = await open('The lobby screen is dark')
    await goTo(number)
    await shows('w', page.getByText(`You follow ${number}`))
    const followed = page.getByRole('region', { name: 'Facts' }).getByText('Followed by')
    await followed.waitFor()
    await page.keyboard.press('z')
    await followed.waitFor({ state: 'detached' })
    expect(((await get(`/tickets/${number}`)) as { watchers: unknown[] }).watchers).toEqual([])
    const dialog = page.getByRole('dialog')
    await shows('Shift+w', dialog)
    await page.keyboard.type('irina')
    await page.getByRole('option', { name: /Irina Petrescu/ }).waitFor()
    await hands.keys('ArrowDown', 'Enter')
    await hands.press(dialog.getByRole('button', { name: 'Add' }))
    await dialog.getByRole('listitem').getByText('Irina Petrescu').waitFor()
    expect(await violations(page)).toEqual([])
    await hands.keys('Escape')
    expect(((await get(`/tickets/${number}`)) as { watchers: { name: string }[] }).watchers).toMatchObject([
      { name: 'Irina Petrescu' },
    ])
  })

  it('is told what of a search is none, leaves out what is behind a minus, and finds by digits', async () => {
    const { page } = me
    const word = `osmium${stamp}`
    const [kept, left] = [await open(`Lamp ${word}`), await open(`Kettle ${word}`)]
    await hands.open('/tickets')
    const search = async (typed: string) => {
      await hands.keys('f')
      await page.locator('form[role="search"] input:focus').waitFor()
      await hands.keys('Control+a')
      await page.keyboard.type(typed)
      await hands.keys('Enter')
    }
    const row = (number: string) => page.getByRole('link', { name: number }).first()
    await search(`${word} -kettle`)
    await row(kept.number).waitFor()
    await row(left.number).waitFor({ state: 'detached' })
    await search(`${word} colour:red`)
    await page.getByText('“colour:red” is no filter').waitFor()
    expect(await violations(page)).toEqual([])
    await search('x'.repeat(301))
    await page.getByText('Too long to search for').waitFor()
    await search(left.number.split('-')[1]!)
    await row(left.number).waitFor()
    // What is typed while the desk answers is kept.
    let answer = () => undefined as void
    const held = new Promise<void>((resolve) => (answer = resolve))
    await page.route(/\/api\/v1\/tickets\?.*q=lamp(&|$)/, async (route) => {
      await held
      await route.continue()
    })
    const asking = page.waitForRequest(/\/api\/v1\/tickets\?.*q=lamp(&|$)/)
    const answered = page.waitForResponse(/\/api\/v1\/tickets\?.*q=lamp(&|$)/)
    await hands.keys('f', 'Control+a')
    await page.keyboard.type('lamp ')
    await asking
    await page.keyboard.type(word)
    answer()
    await answered
    await row(kept.number).waitFor()
    await row(left.number).waitFor({ state: 'detached' })
    expect(await page.locator('form[role="search"] input').inputValue()).toBe(`lamp ${word}`)
  })

  it('takes a link away from either side, and puts it back', async () => {
    const { page } = me
    const [one, other] = [await open('One'), await open('Other')]
    await post(`/tickets/${one.number}/link`, { kind: 'caused_by', number: other.number })
    await goTo(other.number)
    const linked = page.getByRole('link', { name: new RegExp(one.number) })
    await linked.waitFor()
    await hands.press(page.getByRole('button', { name: `Take the link to ${one.number} away` }))
    await page.getByText(`${one.number} is linked no more`).first().waitFor()
    await linked.waitFor({ state: 'detached' })
    await hands.keys('z')
    await linked.waitFor()
    const { links } = (await get(`/tickets/${one.number}`)) as { links: unknown[] }
    expect(links).toMatchObject([{ number: other.number, kind: 'caused_by', outward: true }])
  })

  it('raises a problem from an incident by keyboard, and writes how to live with it', async () => {
    const { page } = me
    const { number } = await open('The till prints nothing')
    await goTo(number)
    await shows('o', page.getByText('PRB-').first())
    await page.waitForURL(/PRB-/)
    const dialog = page.getByRole('dialog')
    await shows('u', dialog)
    const cause = dialog.getByRole('textbox', { name: 'Root cause' })
    await hands.write(cause, 'A worn head')
    await hands.keys('Escape')
    await dialog.waitFor({ state: 'detached' })
    await shows('u', dialog.getByText('Restored: you wrote this'))
    expect(await cause.inputValue()).toBe('A worn head')
    await hands.reach(cause)
    await page.keyboard.press('Tab')
    await page.keyboard.type('Print by hand')
    await hands.keys('Tab', 'Space')
    expect(await violations(page)).toEqual([])
    await hands.press(dialog.getByRole('button', { name: 'Save' }))
    await page.getByRole('link', { name: 'Known error' }).waitFor()
    await hands.press(page.getByRole('button', { name: 'Publish the workaround' }))
    await page.getByText('Shown beside its incidents since').waitFor()
    expect(await violations(page)).toEqual([])
    await goTo(number)
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
    await goTo(number)
    const dialog = page.getByRole('dialog')
    await shows('u', dialog)
    const soon = new Date(Date.now() + 2 * 3_600_000).toISOString()
    await hands.moment(dialog.getByLabel('Planned start'), soon.slice(0, 16))
    await hands.moment(dialog.getByLabel('Planned end'), `${soon.slice(0, 11)}23:59`)
    await hands.press(dialog.getByRole('button', { name: 'Save' }))
    await dialog.waitFor({ state: 'detached' })
    await hands.press(page.getByRole('button', { name: 'Schedule' }))
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
    await goTo(number)
    const dialog = page.getByRole('dialog')
    await shows('y', dialog)
    await page.keyboard.type('No network in hall 2')
    await page.keyboard.press('Tab')
    await page.keyboard.type('Everybody in hall 2')
    await page.keyboard.press('Tab')
    await page.keyboard.type('We are replacing a part.')
    await hands.press(dialog.getByRole('button', { name: 'Send the update' }))
    await page.getByText(/Next update in (29|30) min/).waitFor()

    const employee = await visit(browser, 'employee')
    const theirs = keyboardOf(employee.page)
    await theirs.open('/portal')
    const outage = employee.page.getByRole('article', { name: 'No network in hall 2' })
    await theirs.press(outage.getByRole('button', { name: 'This hits me too' }))
    await outage.getByText('You hear of it by mail.').waitFor()
    expect(await employee.page.locator('main').innerText()).not.toContain('core switch')
    await employee.context.close()

    await post(`/tickets/${number}/resolve`, {})
    await hands.open(`/tickets/${number}/review`)
    await hands.write(page.getByLabel('What happened'), 'What happened, in a word')
    const begun = () => page.request.get(`/api/v1/tickets/${number}/drafts`).then((answer) => answer.text())
    await expect.poll(begun).toContain('What happened, in a word')
    await hands.again()
    await page.getByText('Restored: you wrote this').waitFor()
    expect(await page.getByLabel('What happened').inputValue()).toBe('What happened, in a word')
    for (const text of ['Impact', 'Root cause'])
      await hands.write(page.getByLabel(text), `${text}, in a word`)
    await hands.press(page.getByRole('button', { name: 'Finish the review' }))
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
    await goTo(number)
    const box = page.getByRole('textbox', { name: 'Internal note' })
    await shows('n', page.locator('textarea:focus'))
    await page.keyboard.type('Ask @Irina')
    await page.getByRole('option', { name: 'Irina Petrescu' }).waitFor()
    await page.keyboard.press('Enter')
    await page.keyboard.type('for a cartridge')
    await page.getByText('Draft kept').waitFor()
    const drafts = () => page.request.get(`/api/v1/tickets/${number}/drafts`).then((answer) => answer.text())
    await expect.poll(drafts).toContain('for a cartridge')
    await hands.again()
    await page.getByText('Restored: you wrote this').waitFor()
    expect(await box.inputValue()).toBe('Ask @Irina Petrescu for a cartridge')
    await hands.press(page.getByRole('button', { name: 'Discard' }))
    await page.getByText('Draft discarded').waitFor()
    expect(await drafts()).not.toContain('cartridge')
    await page.keyboard.press('z')
    await expect.poll(drafts).toContain('for a cartridge')
    await shows('n', page.locator('textarea:focus'))
    await page.keyboard.press('Control+Enter')
    await page.getByRole('region', { name: 'Story' }).getByText('Ask @Irina Petrescu').waitFor()
    await page.keyboard.press('Escape')

    await shows('x', page.getByRole('dialog'))
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
    await page.keyboard.press('z')
    await page.getByText(`${number} is as it was before the macro`).waitFor()
    expect(await get(`/tickets/${number}`)).toMatchObject({ state: 'in_progress', tags: [] })
    await page.keyboard.press('z')
    await page.getByText('There is nothing to take back now.').waitFor()
  })

  it('writes on while the desk is away: held in the browser, given to the desk when it is back, said once', async () => {
    const { page, context } = me
    const { number } = await open('The cable is loose')
    const kept = async () =>
      ((await (await page.request.get(`/api/v1/tickets/${number}/drafts`)).json()) as { items: object[] })
        .items
    await goTo(number)
    await shows('n', page.locator('textarea:focus'))
    await context.setOffline(true)
    await page.keyboard.type('Written in the lift')
    await page.getByText('Not kept yet').waitFor()
    expect(await page.evaluate('JSON.stringify(localStorage)')).toContain('Written in the lift')
    await page.goto('about:blank')
    await context.setOffline(false)
    await goTo(number)
    const box = page.getByRole('textbox', { name: 'Internal note' })
    await expect.poll(() => box.inputValue()).toBe('Written in the lift')
    await expect.poll(kept).toMatchObject([{ body: 'Written in the lift' }])

    // An answer is lost on its way: what was heard already is not said again.
    await page.route('**/note', async (route) => {
      await route.fetch()
      await route.abort()
    })
    await shows('n', page.locator('textarea:focus'))
    await page.keyboard.press('Control+Enter')
    await page.getByText('cannot be reached').first().waitFor()
    await page.unroute('**/note')
    await page.keyboard.press('Control+Enter')
    await expect.poll(() => box.inputValue()).toBe('')
    const { items } = (await get(`/tickets/${number}/activity`)) as { items: { verb: string }[] }
    expect(items.filter(({ verb }) => verb === 'note')).toHaveLength(1)
    expect(await kept()).toEqual([])

    const title = page.getByRole('textbox', { name: 'Title' })
    await hands.open('/tickets/new')
    await hands.write(title, 'A caller waits')
    await hands.open('/tickets/new')
    await hands.press(page.getByRole('button', { name: 'Go on with it' }))
    await expect.poll(() => title.inputValue()).toBe('A caller waits')
  })

  it('keeps a checklist, writes time down and asks to be reminded, by keyboard alone', async () => {
    const { page } = me
    const { keys } = hands
    const { number } = await open('The plotter needs a belt')
    await goTo(number)
    const list = page.getByRole('list', { name: 'Checklist' })
    await shows('d', page.locator('input:focus'))
    for (const text of ['Order the belt', 'Fit it']) {
      await page.keyboard.type(text)
      await keys('Enter')
      await list.getByText(text).waitFor()
    }
    const point = list.getByRole('checkbox', { name: 'Fit it' })
    await hands.press(point, 'Alt+ArrowUp')
    await expect.poll(() => list.getByRole('listitem').first().textContent()).toContain('Fit it')
    await keys('Space')
    await expect.poll(() => point.isChecked()).toBe(true)
    await keys('Delete')
    await page.getByText('“Fit it” taken off the list').waitFor()
    await keys('z')
    await expect.poll(() => list.getByRole('listitem').first().textContent()).toContain('Fit it')
    await shows('h', page.locator('input:not([type=checkbox]):focus'))
    await page.keyboard.type('1h 15m')
    await keys('Enter')
    await page.getByRole('list', { name: 'Time spent' }).getByText('1 h 15 min').waitFor()
    await keys('Escape')
    await shows('q', page.getByRole('dialog').getByText(`Remind me of ${number}`))
    await hands.press(page.getByRole('dialog').getByRole('button', { name: 'Remind me', exact: true }))
    await page.getByText(`You will be reminded of ${number}`).waitFor()
    await keys('g', 'q')
    await page.waitForURL('**/reminders')
    await page.getByRole('link', { name: new RegExp(number) }).waitFor()
    expect(await violations(page)).toEqual([])
  })

  it('reads a long story from its end, and earlier lines on demand', async () => {
    const { page } = me
    const { number } = await open('It goes on and on')
    for (let note = 1; note <= 104; note++) await post(`/tickets/${number}/note`, { body: `line ${note}.` })
    await goTo(number)
    await page.getByText('line 104.').waitFor()
    expect(await page.getByText('line 1.', { exact: true }).count()).toBe(0)
    await hands.press(page.getByRole('button', { name: 'Show earlier lines' }))
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
    await goTo(here.number)
    const health = page.getByRole('region', { name: 'Health now' })
    await health.getByText('Down').waitFor()
    await hands.press(health.getByRole('link', { name: new RegExp(beside.number) }))
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

  it('is told what of a filter in the address cannot be read, and leaves it out by a key', async () => {
    const { page } = me
    const complaints: string[] = []
    const listen = (message: { type: () => string; text: () => string }) =>
      message.type() === 'error' && complaints.push(message.text())
    page.on('console', listen)
    await hands.open('/tickets?f=state:open priority:P9 age:old')
    await page.getByText(/“P9” is none of them.*not as “old”/).waitFor()
    expect(await violations(page)).toEqual([])
    await hands.press(page.getByRole('link', { name: 'Leave that out' }))
    await page.getByRole('list', { name: 'Tickets' }).getByRole('listitem').first().waitFor()
    expect(new URL(page.url()).searchParams.get('f')).toBe('state:open')
    page.off('console', listen)
    expect(complaints).toEqual([])
  })

  it('works the queue and a ticket by keyboard alone: many at once, undone, kept as a view, answered', async () => {
    const { page } = me
    const word = `keyboard${stamp}`
    const [one, two] = [await open(`First ${word}`), await open(`Second ${word}`)]
    const { keys } = hands
    await hands.open(`/tickets?f=${word}`)
    const dialog = page.getByRole('dialog')
    await keys('x')
    await page.getByText('1 selected').waitFor()
    await keys('j', 'j', 'Shift+x')
    await page.getByText('2 selected').first().waitFor()
    await shows('Shift+p', dialog.getByText('Edit 2 tickets'))
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

    await shows('Shift+v', dialog.getByText('New view'))
    await page.keyboard.type(`Kept ${stamp}`)
    await hands.press(dialog.getByRole('checkbox', { name: 'Team' }), 'Space')
    await keys('Alt+ArrowUp', 'Alt+ArrowUp', 'Alt+ArrowUp', 'Alt+ArrowUp')
    await hands.press(dialog.getByRole('checkbox', { name: 'Service' }), 'Space')
    expect(await violations(page)).toEqual([])
    await hands.press(dialog.getByRole('button', { name: 'Save' }))
    await page
      .getByRole('link', { name: `Kept ${stamp} 2` })
      .first()
      .waitFor()
    // Its columns stand over the list, in the order that was chosen.
    const heads = page.locator('[data-columns] > span')
    await expect
      .poll(async () => (await heads.allInnerTexts()).join(), { timeout: 10_000 })
      .toMatch(/^Priority,Number,Title,Team/)
    await shows('v', dialog.getByText(`Kept ${stamp}`))
    expect(await violations(page)).toEqual([])
    await keys('Escape')

    await keys('j', 'n')
    await page.waitForURL(/write=note/)
    await page.locator('textarea:focus').waitFor()
    await page.keyboard.type('Seen from the keyboard')
    await keys('Control+Enter')
    await page.getByRole('listitem').filter({ hasText: 'Seen from the keyboard' }).first().waitFor()
    await keys('Escape')
    await onItsPage()
  })

  /** On the ticket's own page the same keys ask for state, priority, team, assignee; then it is answered and solved. */
  async function onItsPage() {
    const { page } = me
    const dialog = page.getByRole('dialog')
    const number = /tickets\/(\w+-\d+)/.exec(page.url())![1]!
    const takes = async (key: string, typed: string, option: string | RegExp, said: string) => {
      await hands.keys(key)
      await dialog.waitFor()
      await page.keyboard.type(typed)
      await dialog.locator('[data-selected]', { hasText: option }).waitFor()
      await hands.keys('Enter')
      await page.getByText(said).first().waitFor()
    }
    await takes('Shift+p', 'p1', 'P1', `${number}: P1`)
    expect(await priorityOf(number)).toBe('P1')
    await hands.keys('z')
    await expect.poll(() => priorityOf(number)).toBe('P4')
    await takes('m', '', 'Sam Okoro', `${number} assigned to Sam Okoro`)
    await shows('s', dialog)
    expect(await violations(page)).toEqual([])
    await page.keyboard.type('resolve')
    await hands.keys('Enter')
    await dialog.getByRole('textbox').waitFor()
    await page.keyboard.type('Turned it off and on')
    await hands.keys('Control+Enter')
    await page.getByText(`${number} resolved`).waitFor()
    await shows('Control+k', dialog)
    await page.keyboard.type(number)
    await dialog
      .getByRole('option', { name: new RegExp(number) })
      .first()
      .waitFor()
    await hands.keys('Escape')
    await expect
      .poll(async () => ((await get(`/tickets/${number}`)) as { state: string }).state)
      .toBe('resolved')
  }

  it('hands a ticket to a team of others, is told, and goes on with the queue', async () => {
    const { page } = me
    const { number } = await open('Not ours')
    const { items } = (await get('/teams')) as {
      items: { id: string; name: string; members: { name: string }[] }[]
    }
    const theirs = items.find(({ members }) => !members.some((member) => member.name === 'Sam Okoro'))!
    await goTo(number)
    await shows('m', page.getByRole('dialog'))
    await page.keyboard.type(theirs.name)
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

  const goTo = (number: string) => hands.open(`/tickets/${number}`)

  /** Presses a key, and waits for what it shows. */
  async function shows(key: string, shown: Locator): Promise<void> {
    await hands.keys(key)
    await shown.first().waitFor()
  }

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
