import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { hasChromium, launchChromium } from '../harness/chromium.ts'
import { type Keyboard, keyboardOf } from '../harness/keyboard.ts'
import { demoDesk, violations, visit } from '../harness/visitor.ts'

/** A rule is written and published without a mouse, and decides about what arrives next. */
describe.skipIf(!hasChromium())('an administrator writes a rule', () => {
  let browser: Browser
  let page: Page
  let hands: Keyboard
  const stamp = Date.now().toString(36)
  const name = `Per rack ${stamp}`

  beforeAll(async () => {
    browser = await launchChromium()
    page = (await visit(browser, 'administrator')).page
    hands = keyboardOf(page)
  })
  afterAll(async () => {
    await withdraw()
    await browser?.close()
  })

  const call = async <T>(method: string, path: string, body?: unknown): Promise<T> => {
    const { app, apiKey } = demoDesk()
    const answer = await fetch(`${app}/api/v1${path}`, {
      method,
      headers: { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json' },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    })
    return (await answer.json()) as T
  }

  /** The desk is shared: whoever comes next finds the rules as they were. */
  async function withdraw() {
    const { version, rules, beside } = await call<{
      version: number
      rules: { name: string }[]
      beside: unknown
    }>('GET', '/rules')
    const others = rules.filter((rule) => rule.name !== name)
    if (others.length < rules.length) await call('PUT', '/rules', { base: version, rules: others, beside })
  }

  const press = (button: string | RegExp) => hands.press(page.getByRole('button', { name: button }))

  it('by keyboard alone, told in words what is wrong and what it would hold for', async () => {
    await hands.open('/admin/rules')
    await press('From an example')
    await page.getByRole('menuitem', { name: /^Certificates/ }).waitFor()
    // The first is chosen with the menu open; the next is the disks.
    await hands.keys('ArrowDown', 'Enter')
    await page.getByText(/Holds for \d+ of the last/).waitFor()
    expect(await page.getByLabel('Rule name').inputValue()).toBe('Disks that fill up become requests')
    await press('Remove this rule')
    await press('Add a rule')
    // The rule that was added is under one's hands.
    await page.keyboard.press('Control+a')
    await page.keyboard.type(name)
    // Chosen in rows, also by a label that nothing has brought yet; written, it is the same expression.
    await hands.choose(page.getByLabel('Field 1'), 'Another label…')
    await hands.write(page.getByLabel('Name in field 1'), 'rack')
    await hands.write(page.getByLabel('Value 1'), stamp)
    await page.getByText(/Holds for 0 of the last/).waitFor()
    expect(await violations(page)).toEqual([])
    await press('Write it as an expression')
    const condition = page.getByLabel('Condition', { exact: true })
    expect(await condition.inputValue()).toBe(`labels.rack == "${stamp}"`)
    await hands.write(condition, 'labels.rack ==')
    await page.getByRole('alert').filter({ hasText: /\w+/ }).first().waitFor()
    await hands.write(condition, `size(labels.rack) > 2 && labels.rack == "${stamp}"`)
    await page.getByText('Rows cannot say this').waitFor()
    await hands.write(condition, `labels.rack == "${stamp}"`)
    const group = page.getByLabel('One ticket for those equal in')
    await hands.write(group, 'labels.rack')
    await hands.keys('Enter')
    await press('Remove service')
    expect(await violations(page)).toEqual([])
    await press('Publish…')
    await page.getByRole('dialog').getByText(`Added “${name}”`).waitFor()
    await hands.write(page.getByLabel('Why'), 'racks fail as one')
    await hands.press(page.getByRole('dialog').getByRole('button', { name: 'Publish', exact: true }))
    await page.getByText('racks fail as one').waitFor()
  })

  it('and alerts that nothing else has in common are one ticket, which says by which rule', async () => {
    const { ingest, integrations } = demoDesk()
    const events = ['power', 'network'].map((what) => ({
      kind: 'trigger',
      severity: 'critical',
      dedup_key: `${what}-${stamp}`,
      title: `No ${what} in rack ${stamp}`,
      labels: { rack: stamp },
    }))
    const sent = await fetch(`${ingest}/v1/events/${integrations.events}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ events }),
    })
    expect(sent.status).toBe(202)
    const tickets = async () => {
      const { items } = await call<{ items: { ticket: { number: string } | null }[] }>(
        'GET',
        `/alerts?q=${stamp}`,
      )
      return items.map(({ ticket }) => ticket?.number)
    }
    await expect.poll(async () => (await tickets()).filter(Boolean).length, { timeout: 15_000 }).toBe(2)
    const [first, second] = await tickets()
    expect(first).toBe(second)
    await page.goto(`/tickets/${first}`)
    await page.getByText(new RegExp(name)).first().waitFor()
  })

  it('and one that routes, in its place among the others, taken back and put in again', async () => {
    type Routing = { version: number; rules: { name: string; when: string }[] }
    const before = await call<Routing>('GET', '/routing-rules')
    const routing = `Routed ${stamp}`
    const add = async () => {
      await press('Add a rule')
      await page.keyboard.press('Control+a')
      await page.keyboard.type(routing)
      await hands.choose(page.getByLabel('Field 1'), 'Title')
      await hands.write(page.getByLabel('Value 1'), stamp)
    }
    await hands.open('/admin/routing')
    await add()
    await press('Discard changes')
    expect(await page.getByText(routing).count()).toBe(0)
    await add()
    // Each press goes on from the same key, up to the first place.
    await hands.reach(page.getByRole('button', { name: `Move “${routing}” up` }))
    for (const _ of before.rules) await page.keyboard.press('Enter')
    await page.getByText(`“${routing}” is now number 1`).waitFor({ state: 'attached' })
    // There it has nowhere to go but down, and that key is the one under one's hands.
    const down = page.getByRole('button', { name: `Move “${routing}” down` })
    await expect.poll(() => down.evaluate((one) => one.matches(':focus'))).toBe(true)
    expect(await violations(page)).toEqual([])
    await press('Publish…')
    await hands.keys('Escape')
    await page.getByRole('dialog').waitFor({ state: 'hidden' })
    // Closed without an answer, the dialog gives the focus back to what opened it.
    await hands.keys('Enter')
    await hands.press(page.getByRole('dialog').getByRole('button', { name: 'Publish', exact: true }))
    await page.getByRole('dialog').waitFor({ state: 'hidden' })
    const after = await call<Routing>('GET', '/routing-rules')
    expect(after.rules.map(({ name: one, when }) => [one, when])).toEqual([
      [routing, `title.contains("${stamp}")`],
      ...before.rules.map(({ name: one, when }) => [one, when]),
    ])
    // What was published is taken back by a key, as a version of its own.
    await hands.keys('z')
    await expect
      .poll(async () => {
        const { version, rules } = await call<Routing>('GET', '/routing-rules')
        return [version, rules]
      })
      .toEqual([after.version + 1, before.rules])
  })

  it('says who of a team gets what, and the ticket tells why this one and not the other', async () => {
    const { id: team } = await call<{ id: string }>('POST', '/teams', { name: `Hands ${stamp}` })
    const { items } = await call<{ items: { id: string; name: string }[] }>('GET', '/people?limit=200')
    const desk = await call<{ items: { members: { person_id: string; name: string }[] }[] }>('GET', '/teams')
    const known = new Set(items.map(({ id }) => id))
    const [first, second] = [
      ...new Map(desk.items.flatMap(({ members }) => members.map((one) => [one.person_id, one]))).values(),
    ].filter(({ person_id }) => known.has(person_id))
    for (const one of [first, second])
      await call('POST', `/people/${one!.person_id}/roles`, { role: 'agent', team_id: team })
    await hands.open(`/admin/teams/${team}`)
    await hands.press(page.getByRole('button', { name: `Edit: ${second!.name}` }))
    const dialog = page.getByRole('dialog')
    await hands.press(dialog.getByLabel('Is given nothing'), 'Space')
    expect(await violations(page)).toEqual([])
    await hands.press(dialog.getByRole('button', { name: 'Save', exact: true }))
    await dialog.waitFor({ state: 'hidden' })
    await hands.choose(page.getByLabel('New tickets'), 'go to each in turn')
    await hands.choose(page.getByLabel('People work'), 'by a calendar')
    const save = page.locator('form').filter({ hasText: 'People work' }).getByRole('button', { name: 'Save' })
    await hands.press(save)
    // A field that is wrong keeps the form; what it needs is said in words.
    await page.getByRole('alert').filter({ hasText: 'is needed to go by a calendar' }).waitFor()
    await hands.choose(page.getByLabel('People work'), 'always')
    await hands.press(save)
    await page.getByText('Saved').first().waitFor()
    expect(await violations(page)).toEqual([])
    const { number } = await call<{ number: string }>('POST', '/tickets', {
      kind: 'incident',
      title: `Handed out ${stamp}`,
      team_id: team,
    })
    const holder = async () =>
      (await call<{ assignee: { name: string } | null }>('GET', `/tickets/${number}`)).assignee?.name
    await expect.poll(holder, { timeout: 15_000 }).toBe(first!.name)
    await hands.open(`/tickets/${number}`)
    // On the phone the same facts fold away above the story.
    const facts = page.getByRole('region', { name: 'Facts' }).filter({ visible: true })
    await facts.getByText('Next in turn of 1 who could').waitFor()
    await hands.press(facts.locator('summary', { hasText: 'Passed over: 1' }))
    await facts.getByText(`${second!.name}: Is given nothing`).waitFor()
    expect(await violations(page)).toEqual([])
    await call('POST', `/tickets/${number}/cancel`, {})
    for (const one of [first, second])
      await call('DELETE', `/people/${one!.person_id}/roles`, { role: 'agent', team_id: team })
    await call('POST', `/teams/${team}/archive`)
  })

  it('and one that acts on tickets, tried on the past before it is published', async () => {
    const acting = `Racks are noted ${stamp}`
    await hands.open('/admin/automation')
    await press('Add a rule')
    await hands.write(page.getByLabel('Rule name'), acting)
    // Chosen in rows, it is the expression that it can be written as.
    await press('Add a condition')
    await hands.choose(page.getByLabel('Field 2'), 'Title')
    await hands.write(page.getByLabel('Value 2'), `acting ${stamp}`)
    await hands.choose(page.getByLabel('It looks'), 'On a schedule')
    await page.getByText('It would come').waitFor()
    expect(await violations(page)).toEqual([])
    await hands.choose(page.getByLabel('It looks'), 'When something happens')
    await press('Remove condition 1')
    await press('Write it as an expression')
    expect(await page.getByLabel('Condition', { exact: true }).inputValue()).toBe(
      `title.contains("acting ${stamp}")`,
    )
    await hands.write(page.getByLabel('Condition', { exact: true }), 'number !=')
    await page.getByRole('alert').filter({ hasText: /\w+/ }).first().waitFor()
    await hands.write(page.getByLabel('Condition', { exact: true }), `title.contains("acting ${stamp}")`)
    await hands.write(page.getByLabel('Text', { exact: true }), 'Look at {{number}} first')
    expect(await violations(page)).toEqual([])
    await hands.press(page.getByRole('switch', { name: new RegExp(acting) }), 'Space')
    await press('Publish…')
    const dialog = page.getByRole('dialog')
    await hands.press(dialog.getByRole('button', { name: 'Try' }))
    await dialog.getByText('would have acted 0 times').waitFor()
    expect(await violations(page)).toEqual([])
    // Somebody else publishes meanwhile: both sides are shown before one of them goes.
    const other = await call<{ version: number; rules: object[] }>('GET', '/automation-rules')
    await call('PUT', '/automation-rules', { base: other.version, rules: other.rules })
    await hands.press(dialog.getByRole('button', { name: 'Publish', exact: true }))
    await dialog.getByRole('heading', { name: 'What they changed' }).waitFor()
    expect(await dialog.getByRole('listitem').filter({ hasText: acting }).count()).toBe(1)
    expect(await violations(page)).toEqual([])
    await hands.press(dialog.getByRole('button', { name: 'Keep mine, and publish over theirs' }))
    await dialog.waitFor({ state: 'hidden' })
    const { number } = await call<{ number: string }>('POST', '/tickets', {
      kind: 'incident',
      title: `Rack ${stamp} is acting ${stamp}`,
    })
    await page.goto(`/tickets/${number}`)
    await page.getByText(`Look at ${number} first`).waitFor()
    await page.getByText(`Rule “${acting}”`).first().waitFor()
    const { version, rules } = await call<{ version: number; rules: { name: string }[] }>(
      'GET',
      '/automation-rules',
    )
    await call('PUT', '/automation-rules', {
      base: version,
      rules: rules.filter((rule) => rule.name !== acting),
    })
  })
})
