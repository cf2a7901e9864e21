import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { hasChromium, launchChromium } from '../harness/chromium.ts'
import { type Keyboard, keyboardOf } from '../harness/keyboard.ts'
import { demoDesk, type Visit, violations, visit } from '../harness/visitor.ts'

/** Every form: filled, refused in words where it is wrong, saved, and there again after a reload. */
describe.skipIf(!hasChromium())('an administrator fills in', () => {
  let browser: Browser
  let me: Visit
  let page: Page
  let hands: Keyboard
  const stamp = Date.now()

  beforeAll(async () => {
    browser = await launchChromium()
    me = await visit(browser, 'administrator')
    page = me.page
    hands = keyboardOf(page)
  })
  afterAll(() => browser?.close())

  const create = () => hands.press(page.getByRole('button', { name: 'Create', exact: true }))
  const alert = (words: RegExp) => page.getByRole('alert').filter({ hasText: words }).first().waitFor()
  const titled = (name: string) => page.getByRole('heading', { level: 1, name }).waitFor()
  const value = (label: string, exact = true) => page.getByLabel(label, { exact }).inputValue()
  /** Presses what saves, and waits for the change to be kept. */
  const saving = async (press: () => Promise<void>) => {
    const kept = page.waitForResponse((answer) => answer.request().method() === 'PATCH' && answer.ok())
    await press()
    await kept
  }
  const archive = async (list: string) => {
    await hands.press(page.getByRole('button', { name: 'Archive', exact: true }))
    await hands.press(page.getByRole('dialog').getByRole('button', { name: 'Archive' }))
    await page.waitForURL(`**/admin/${list}`)
  }
  const save = () => saving(() => hands.press(page.getByRole('button', { name: 'Save', exact: true })))

  it('a schedule with its rotation', async () => {
    const name = `Night ${stamp}`
    await hands.open('/oncall/schedules/new')
    await hands.write(page.getByLabel('Schedule name'), name)
    await hands.choose(page.getByLabel('Team', { exact: true }), 'Network')
    await hands.write(page.getByLabel('Time zone'), 'Mars/Olympus')
    await hands.write(page.getByLabel('Rotation name'), 'Primary')
    await create()
    await alert(/zone/i)
    await hands.write(page.getByLabel('Time zone'), 'Europe/Rome')
    await create()
    await alert(/at least one person/)
    await hands.choose(page.getByLabel('Add a person'), 1)
    await hands.moment(page.getByLabel('At', { exact: true }), '08:30')
    await create()
    await titled(name)

    await hands.write(page.getByLabel('Rotation name'), 'Secondary')
    await hands.press(page.getByRole('button', { name: 'Save as a new version' }))
    await saving(() =>
      hands.press(page.getByRole('dialog').getByRole('button', { name: 'Save as a new version' })),
    )
    await hands.again()
    expect([await value('Rotation name'), await value('At'), await value('Time zone')]).toEqual([
      'Secondary',
      '08:30',
      'Europe/Rome',
    ])
  })

  it('an escalation policy', async () => {
    const name = `Wake ${stamp}`
    await hands.open('/admin/escalations/new')
    await hands.write(page.getByLabel('Name', { exact: true }), name)
    await create()
    await alert(/\w+/)
    await hands.choose(page.getByLabel('Add who is told, Step 1'), 'Team: Network')
    await hands.press(page.getByRole('button', { name: 'Add a step' }))
    await hands.write(page.getByLabel('Wait after the step before'), '7m')
    await hands.choose(page.getByLabel('Add who is told, Step 2'), 'Team: Platform')
    await create()
    await titled(name)
    await hands.write(page.getByLabel('Go through it again, times'), '3')
    await hands.press(page.getByRole('button', { name: 'Save', exact: true }))
    await saving(() => hands.press(page.getByRole('dialog').getByRole('button', { name: 'Save' })))
    await hands.again()
    expect([await value('Wait after the step before'), await value('Go through it again, times')]).toEqual([
      '7m',
      '3',
    ])
    await page.getByRole('button', { name: 'Remove Team: Platform' }).waitFor()
  })

  it('a calendar, and sees what its hours mean before it is saved', async () => {
    const name = `Short days ${stamp}`
    await hands.open('/admin/calendars/new')
    await hands.write(page.getByLabel('Name', { exact: true }), name)
    await hands.write(page.getByLabel('Time zone'), 'Europe/Rome')
    await hands.write(page.getByLabel('Holidays'), '2026-12-08 Immacolata')
    // A Monday at three: two and a half hours that day, the holiday left out, the rest on Wednesday.
    await hands.moment(page.getByLabel('Made at'), '2026-12-07T15:00')
    await page.getByText(/is a holiday: Immacolata/).waitFor()
    await page.getByText(/it is due Wed.*9 Dec.*14:30/).waitFor()
    await hands.write(page.getByLabel('A promise of working hours'), '1h')
    await page.getByText(/it is due Mon.*7 Dec.*16:00/).waitFor()

    await hands.press(page.getByRole('button', { name: 'Add hours on Monday' }))
    await page.getByText(/nothing can be counted: Overlaps/).waitFor()
    await create()
    await alert(/Overlaps/)
    await hands.press(page.getByRole('button', { name: 'Remove Monday 09:00' }).last())
    // A night: over midnight, and kept as two.
    await hands.press(page.getByRole('button', { name: 'Add hours on Saturday' }))
    await hands.moment(page.getByLabel('Saturday, From'), '22:00')
    await hands.moment(page.getByLabel('Saturday, To'), '06:00')
    await create()
    await titled(name)
    await hands.write(page.getByLabel('Holidays'), '2026-12-25 Natale')
    await hands.press(page.locator('summary', { hasText: 'Holidays from iCal' }))
    const day = 'BEGIN:VEVENT\nDTSTART;VALUE=DATE:20270101\nSUMMARY:<b>Capodanno</b>\nEND:VEVENT\n'
    const broken = 'BEGIN:VEVENT\nDTSTART;VALUE=DATE:soon\nEND:VEVENT\n'
    await hands.write(page.getByLabel('Or paste it'), `BEGIN:VCALENDAR\n${day}${broken}END:VCALENDAR`)
    await hands.press(page.getByRole('button', { name: 'Show what it changes' }))
    await page.getByText('+ 2027-01-01 <b>Capodanno</b>').waitFor()
    await page.getByText(/Line 7: DTSTART is no date/).waitFor()
    await hands.press(page.getByRole('button', { name: 'Put into the list' }))
    await save()
    await hands.again()
    expect(await value('Time zone')).toBe('Europe/Rome')
    const night = ['Saturday, From', 'Saturday, To', 'Sunday, From', 'Sunday, To']
    expect(await Promise.all(night.map((label) => value(label)))).toEqual([
      '22:00',
      '00:00',
      '00:00',
      '06:00',
    ])
    expect(await page.getByLabel('Holidays').inputValue()).toBe(
      '2026-12-25 Natale\n2027-01-01 <b>Capodanno</b>',
    )
    expect(await violations(page)).toEqual([])
  })

  it('a promise in minutes, hours and days, and is told what is no length of time', async () => {
    const name = `Quick ${stamp}`
    await hands.open('/admin/slas/new')
    await hands.write(page.getByLabel('Name', { exact: true }), name)
    // After those of the demo, which the other stories count on.
    await hands.write(page.getByLabel('Asked as number'), '900')
    await hands.choose(page.getByLabel('Calendar', { exact: true }), 'Around the clock')
    await hands.write(page.getByLabel('P1, Response'), 'soon')
    await hands.write(page.getByLabel('P1, Resolution'), '1d 2h')
    await create()
    await alert(/Write it as 10m/)
    // What is wrong has the focus.
    await hands.keys('Control+a')
    await page.keyboard.type('10m')
    await create()
    await titled(name)
    await hands.again()
    expect([await value('P1, Response'), await value('P1, Resolution')]).toEqual(['10m', '1d 2h'])
    expect(await violations(page)).toEqual([])
    await archive('slas')
  })

  it('an organisation within another, and thinks twice before it is archived', async () => {
    const name = `Whole ${stamp}`
    await hands.open('/admin/organisations/new')
    await hands.write(page.getByLabel('Name', { exact: true }), name)
    await create()
    await titled(name)
    await hands.press(page.getByRole('link', { name: 'Add one beneath' }))
    await page.getByRole('heading', { level: 1, name: 'New organisation' }).waitFor()
    expect(await page.getByLabel('Part of').locator('option:checked').innerText()).toContain(name)
    await hands.write(page.getByLabel('Name', { exact: true }), `Part of ${name}`)
    await create()
    await titled(`Part of ${name}`)
    await hands.choose(page.getByLabel('Part of'), 'Of none')
    await save()
    const button = page.getByRole('button', { name: 'Archive', exact: true })
    await hands.press(button)
    await hands.press(page.getByRole('dialog').getByRole('button', { name: 'Cancel' }))
    await page.getByRole('dialog').waitFor({ state: 'hidden' })
    await expect.poll(() => button.evaluate((one) => one.matches(':focus'))).toBe(true)
    await archive('organisations')
    expect(await violations(page)).toEqual([])
  })

  it('how a team hands out its tickets', async () => {
    await hands.open('/admin/teams')
    await hands.press(page.getByRole('list', { name: 'Teams' }).getByRole('link').first())
    const [mode, most] = [page.getByLabel('New tickets'), page.getByLabel('Open tickets of one person')]
    const was = [await mode.inputValue(), await most.inputValue()]
    const keep = async () => {
      const kept = page.waitForResponse((answer) => answer.request().method() === 'PUT' && answer.ok())
      await hands.press(
        page.getByRole('region', { name: 'Handing out' }).getByRole('button', { name: 'Save' }),
      )
      await kept
    }
    await hands.choose(mode, 'go to whoever has least')
    await hands.write(most, '7')
    await keep()
    await hands.again()
    expect([await mode.inputValue(), await most.inputValue()]).toEqual(['least_loaded', '7'])
    await hands.choose(mode, ['off', 'round_robin', 'least_loaded'].indexOf(was[0]!))
    await hands.write(most, was[1]!)
    await keep()
  })

  it('a catalogue item with a question', async () => {
    const name = `A badge ${stamp}`
    await hands.open('/admin/catalogue/new')
    await hands.write(page.getByLabel('Key', { exact: true }), 'Not a key!')
    await hands.write(page.getByLabel('Name, in English'), name)
    await hands.press(page.getByRole('button', { name: 'Add a question' }))
    await hands.write(page.getByLabel('Question, in English'), 'For which door?')
    await create()
    await page.getByRole('alert').first().waitFor()
    await hands.write(page.getByLabel('Key', { exact: true }), `badge-${stamp}`)
    await create()
    await titled(name)
    await hands.write(page.getByLabel('Question, in French'), 'Pour quelle porte ?')
    await save()
    await hands.again()
    expect([await value('Question, in English'), await value('Question, in French', false)]).toEqual([
      'For which door?',
      'Pour quelle porte ?',
    ])
    await archive('catalogue')
  })

  it('the history of another desk: a file, what it means, a trial, the import, and what comes back', async () => {
    const send = async (name: string, rows: string[], firstLine?: string) => {
      await hands.open('/admin/imports/new')
      const choosing = page.waitForEvent('filechooser')
      await hands.press(page.getByLabel('CSV file'))
      const file = await choosing
      await file.setFiles({ name, mimeType: 'text/csv', buffer: Buffer.from(rows.join('\n')) })
      if (firstLine) await hands.choose(page.getByLabel('First line'), firstLine)
      await hands.press(page.getByRole('button', { name: 'Upload' }))
      await titled(name)
    }
    const tryIt = async () => {
      await hands.press(page.getByRole('button', { name: 'Try it on the whole file' }))
      await page.getByText('Checked, nothing imported yet').waitFor()
      // The form is gone, and with it where one stood.
      await hands.again()
    }
    await send(`old-${stamp}.csv`, [
      'Ticket,Subject,Status,Opened on,Closed on',
      `${stamp},Old printer,zu Ende,2024-01-12 08:00,2024-01-13 08:00`,
      '2,=cmd|A0,open,yesterday,',
    ])
    await page.getByText('this one goes by the names of the columns').waitFor()
    await hands.write(page.getByLabel('Where it comes from'), `old-${stamp}`)
    await hands.choose(page.getByLabel('zu Ende'), 'Closed')
    expect(await violations(page)).toEqual([])
    await tryIt()
    await page.getByText('is not a date of the forms given').waitFor()
    expect(await violations(page)).toEqual([])

    const file = page.getByRole('link', { name: 'Download as CSV' })
    await hands.reach(file)
    const answer = await page.request.get((await file.getAttribute('href'))!)
    expect(answer.headers()['content-disposition']).toMatch(/^attachment; .*-refused\.csv/)
    const back = await answer.text()
    expect(back).toContain("'=cmd|A0")
    expect(back).toContain('created_at “yesterday” is not a date of the forms given')

    await hands.press(page.getByRole('button', { name: 'Import 1 ticket' }))
    await hands.press(page.getByRole('dialog').getByRole('button', { name: 'Import 1 ticket' }))
    await hands.press(page.getByRole('link', { name: 'See the tickets' }))
    await page.getByText('Old printer').first().waitFor()

    // Neither a header nor a date: what stands in the columns tells of them, and one date is said for all.
    await send(
      `bare-${stamp}.csv`,
      [`A${stamp},No heating on floor 2,open`, 'A2,The lift stands still,closed'],
      'is a ticket already: no header',
    )
    expect(await page.getByLabel('Title', { exact: true }).inputValue()).toBe('Column 2')
    await hands.moment(page.getByLabel('Date of all tickets'), '2024-01-12')
    await tryIt()
    await hands.press(page.getByRole('button', { name: 'Drop the file' }))
    await hands.press(page.getByRole('dialog').getByRole('button', { name: 'Drop the file' }))
    await page.getByText('Cancelled').first().waitFor()
  })

  it('without an error of the page’s own', () => {
    expect(me.errors).toEqual([])
  })
})

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

  it('changes the escalation policies of their own teams, reads the others, and finds nothing else', async () => {
    const { page } = me
    await page.goto('/admin')
    await page.getByRole('link', { name: /Escalation policies/ }).waitFor()
    expect(await page.getByRole('link', { name: /^People/ }).count()).toBe(0)
    expect((await page.goto('/admin/people'))!.status()).toBe(403)

    await hands.open('/admin/escalations/new')
    const teams = await page.getByLabel('Team', { exact: true }).locator('option').allInnerTexts()
    const own = teams.filter((team) => !/None|Choose/.test(team))
    expect(own.length).toBeGreaterThan(0)
    const name = `Ours ${Date.now()}`
    await hands.write(page.getByLabel('Name', { exact: true }), name)
    await hands.choose(page.getByLabel('Team', { exact: true }), own[0]!)
    await hands.choose(page.getByLabel('Add who is told, Step 1'), `Team: ${own[0]}`)
    await hands.press(page.getByRole('button', { name: 'Create', exact: true }))
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
