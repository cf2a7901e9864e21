import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { hasChromium, launchChromium } from '../harness/chromium.ts'
import { demoDesk, type Visit, violations, visit } from '../harness/visitor.ts'

/** Every form: filled, refused in words where it is wrong, saved, and there again after a reload. */
describe.skipIf(!hasChromium())('an administrator fills in', () => {
  let browser: Browser
  let me: Visit
  let page: Page
  const stamp = Date.now()

  beforeAll(async () => {
    browser = await launchChromium()
    me = await visit(browser, 'administrator')
    page = me.page
  })
  afterAll(() => browser?.close())

  const open = async (path: string) => {
    await page.goto(path)
    await page.waitForLoadState('networkidle')
  }
  const create = () => page.getByRole('button', { name: 'Create', exact: true }).click()
  const alert = (words: RegExp) => page.getByRole('alert').filter({ hasText: words }).first().waitFor()
  const titled = (name: string) => page.getByRole('heading', { level: 1, name }).waitFor()
  const again = async () => {
    await page.reload()
    await page.waitForLoadState('networkidle')
  }
  const value = (label: string, exact = true) => page.getByLabel(label, { exact }).inputValue()
  /** Presses what saves, and waits for the change to be kept. */
  const saving = async (press: () => Promise<void>) => {
    const kept = page.waitForResponse((answer) => answer.request().method() === 'PATCH' && answer.ok())
    await press()
    await kept
  }
  const save = () => saving(() => page.getByRole('button', { name: 'Save', exact: true }).click())

  it('a schedule with its rotation', async () => {
    const name = `Night ${stamp}`
    await open('/oncall/schedules/new')
    await page.getByLabel('Schedule name').fill(name)
    await page.getByLabel('Team', { exact: true }).selectOption('Network')
    await page.getByLabel('Time zone').fill('Mars/Olympus')
    await page.getByLabel('Rotation name').fill('Primary')
    await create()
    await alert(/zone/i)
    await page.getByLabel('Time zone').fill('Europe/Rome')
    await create()
    await alert(/at least one person/)
    await page.getByLabel('Add a person').selectOption({ index: 1 })
    await page.getByLabel('At', { exact: true }).fill('08:30')
    await create()
    await titled(name)

    await page.getByLabel('Rotation name').fill('Secondary')
    await page.getByRole('button', { name: 'Save as a new version' }).click()
    await saving(() =>
      page.getByRole('dialog').getByRole('button', { name: 'Save as a new version' }).click(),
    )
    await again()
    expect([await value('Rotation name'), await value('At'), await value('Time zone')]).toEqual([
      'Secondary',
      '08:30',
      'Europe/Rome',
    ])
  })

  it('an escalation policy', async () => {
    const name = `Wake ${stamp}`
    await open('/admin/escalations/new')
    await page.getByLabel('Name', { exact: true }).fill(name)
    await create()
    await alert(/\w+/)
    await page.getByLabel('Add who is told, Step 1').selectOption({ label: 'Team: Network' })
    await page.getByRole('button', { name: 'Add a step' }).click()
    await page.getByLabel('Minutes after the step before').fill('7')
    await page.getByLabel('Add who is told, Step 2').selectOption({ label: 'Team: Platform' })
    await create()
    await titled(name)
    await page.getByLabel('Go through it again, times').fill('3')
    await page.getByRole('button', { name: 'Save', exact: true }).click()
    await saving(() => page.getByRole('dialog').getByRole('button', { name: 'Save' }).click())
    await again()
    expect([await value('Minutes after the step before'), await value('Go through it again, times')]).toEqual(
      ['7', '3'],
    )
    await page.getByRole('button', { name: 'Remove Team: Platform' }).waitFor()
  })

  it('a calendar, and sees what its hours mean before it is saved', async () => {
    const name = `Short days ${stamp}`
    await open('/admin/calendars/new')
    await page.getByLabel('Name', { exact: true }).fill(name)
    await page.getByLabel('Time zone').fill('Europe/Rome')
    await page.getByLabel('Holidays').fill('2026-12-08 Immacolata')
    // A Monday at three: two and a half hours that day, the holiday left out, the rest on Wednesday.
    await page.getByLabel('Made at').fill('2026-12-07T15:00')
    await page.getByText(/is a holiday: Immacolata/).waitFor()
    await page.getByText(/it is due Wed.*9 Dec.*14:30/).waitFor()
    await page.getByLabel('A promise of working hours').fill('1')
    await page.getByText(/it is due Mon.*7 Dec.*16:00/).waitFor()

    await page.getByRole('button', { name: 'Add hours on Monday' }).click()
    await page.getByText(/nothing can be counted: Overlaps/).waitFor()
    await create()
    await alert(/Overlaps/)
    await page.getByRole('button', { name: 'Remove Monday 09:00' }).last().click()
    await create()
    await titled(name)
    await page.getByLabel('Holidays').fill('2026-12-25 Natale')
    await page.getByText('Holidays from iCal').click()
    const day = 'BEGIN:VEVENT\nDTSTART;VALUE=DATE:20270101\nSUMMARY:<b>Capodanno</b>\nEND:VEVENT\n'
    const broken = 'BEGIN:VEVENT\nDTSTART;VALUE=DATE:soon\nEND:VEVENT\n'
    await page.getByLabel('Or paste it').fill(`BEGIN:VCALENDAR\n${day}${broken}END:VCALENDAR`)
    await page.getByRole('button', { name: 'Show what it changes' }).click()
    await page.getByText('+ 2027-01-01 <b>Capodanno</b>').waitFor()
    await page.getByText(/Line 7: DTSTART is no date/).waitFor()
    await page.getByRole('button', { name: 'Put into the list' }).click()
    await save()
    await again()
    expect(await value('Time zone')).toBe('Europe/Rome')
    expect(await page.getByLabel('Holidays').inputValue()).toBe(
      '2026-12-25 Natale\n2027-01-01 <b>Capodanno</b>',
    )
    expect(await violations(page)).toEqual([])
  })

  it('a catalogue item with a question', async () => {
    const name = `A badge ${stamp}`
    await open('/admin/catalogue/new')
    await page.getByLabel('Key', { exact: true }).fill('Not a key!')
    await page.getByLabel('Name, in English').fill(name)
    await page.getByRole('button', { name: 'Add a question' }).click()
    await page.getByLabel('Question, in English').fill('For which door?')
    await create()
    await page.getByRole('alert').first().waitFor()
    await page.getByLabel('Key', { exact: true }).fill(`badge-${stamp}`)
    await create()
    await titled(name)
    await page.getByLabel('Question, in French').fill('Pour quelle porte ?')
    await save()
    await again()
    expect([await value('Question, in English'), await value('Question, in French', false)]).toEqual([
      'For which door?',
      'Pour quelle porte ?',
    ])
    await page.getByRole('button', { name: 'Archive' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Archive' }).click()
    await page.waitForURL('**/admin/catalogue')
  })

  it('without an error of the page’s own', () => {
    expect(me.errors).toEqual([])
  })
})

describe.skipIf(!hasChromium())('a manager', () => {
  let browser: Browser
  let me: Visit

  beforeAll(async () => {
    browser = await launchChromium()
    me = await visit(browser, 'manager')
  })
  afterAll(() => browser?.close())

  it('changes the escalation policies of their own teams, reads the others, and finds nothing else', async () => {
    const { page } = me
    await page.goto('/admin')
    await page.getByRole('link', { name: /Escalation policies/ }).waitFor()
    expect(await page.getByRole('link', { name: /^People/ }).count()).toBe(0)
    expect((await page.goto('/admin/people'))!.status()).toBe(403)

    await page.goto('/admin/escalations/new')
    await page.waitForLoadState('networkidle')
    const teams = await page.getByLabel('Team', { exact: true }).locator('option').allInnerTexts()
    const own = teams.filter((team) => !/None|Choose/.test(team))
    expect(own.length).toBeGreaterThan(0)
    const name = `Ours ${Date.now()}`
    await page.getByLabel('Name', { exact: true }).fill(name)
    await page.getByLabel('Team', { exact: true }).selectOption(own[0]!)
    await page.getByLabel('Add who is told, Step 1').selectOption({ label: `Team: ${own[0]}` })
    await page.getByRole('button', { name: 'Create', exact: true }).click()
    await page.getByRole('heading', { level: 1, name }).waitFor()

    await page.goto(`/admin/escalations/${await foreignPolicy()}`)
    await page.getByText(/^Changed by the managers of Strangers/).waitFor()
    expect(await page.getByRole('button', { name: 'Save', exact: true }).count()).toBe(0)
    expect(await page.getByRole('button', { name: 'Archive' }).count()).toBe(0)
    expect(await violations(page)).toEqual([])
    expect(me.errors).toEqual([])
  })
})

/** A policy of a team that the manager of the demo has nothing to do with. */
async function foreignPolicy(): Promise<string> {
  const { app, apiKey } = demoDesk()
  const make = async (path: string, body: unknown) => {
    const answer = await fetch(`${app}/api/v1${path}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    })
    return ((await answer.json()) as { id: string }).id
  }
  const name = `Strangers ${Date.now()}`
  const team = await make('/teams', { name })
  const steps = [{ wait_ms: 0, targets: [{ kind: 'team', id: team }] }]
  return make('/escalation-policies', { name, team_id: team, steps, repeats: 0 })
}
