import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { hasChromium, launchChromium } from '../harness/chromium.ts'
import { demoDesk, type Visit, violations, visit } from '../harness/visitor.ts'

describe.skipIf(!hasChromium())('the person on call', () => {
  let browser: Browser
  let me: Visit

  beforeAll(async () => {
    browser = await launchChromium()
    me = await visit(browser, 'on_call', { width: 390, height: 844 })
  })
  afterAll(() => browser?.close())

  it('reads on the phone what needs them, who is on, and why they were woken', async () => {
    const { page } = me
    await page.goto('/oncall')
    await page.getByRole('heading', { name: 'Needs you now' }).waitFor()
    await page.getByRole('heading', { name: 'What woke you lately' }).waitFor()
    const text = await page.locator('main').innerText()
    expect(text).toMatch(/You are on call in “Platform on call”/)
    expect(text).toMatch(/until .+\d/)
  })

  it('takes over a shift of the team, sees it on the strip, and ends it', async () => {
    const { page } = me
    await page.goto('/oncall/schedules')
    await page.getByRole('link', { name: /Platform on call/ }).click()
    await page.getByRole('button', { name: 'Override' }).click()
    const dialog = page.getByRole('dialog')
    const later = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 16)
    await dialog.getByLabel('From').fill(later(3))
    await dialog.getByLabel('To').fill(later(4))
    await dialog.getByLabel('Reason').fill('swapped')
    await dialog.getByRole('button', { name: 'Override' }).click()
    await dialog.waitFor({ state: 'hidden' })
    await page.getByText('swapped').waitFor()
    await page.getByRole('button', { name: 'End it now' }).first().click()
    await page.getByRole('dialog').getByRole('button', { name: 'End it now' }).click()
    await page.getByText('swapped').waitFor({ state: 'detached' })
    expect(me.errors).toEqual([])
  })

  it('chooses how to be reached, and tries it', async () => {
    const { page } = me
    await page.goto('/me')
    await page.getByRole('button', { name: 'Send a test' }).first().click()
    await page.getByText('The test arrived at the other side.').waitFor()
    expect(me.errors).toEqual([])
  })

  it('acknowledges by the link in the mail, without a sign-in: looking changes nothing, and it works once', async () => {
    const desk = demoDesk()
    const call = async (method: string, path: string, sent?: unknown) => {
      const answer = await fetch(`${desk.app}/api/v1${path}`, {
        method,
        headers: { authorization: `Bearer ${desk.apiKey}`, 'content-type': 'application/json' },
        ...(sent !== undefined && { body: JSON.stringify(sent) }),
      })
      expect({ path, ok: answer.ok }).toEqual({ path, ok: true })
      return answer.json() as Promise<Record<string, unknown> & { items: Record<string, string>[] }>
    }
    const title = `The cold store warms up ${Date.now()}`
    const { number } = await call('POST', '/tickets', { kind: 'incident', title })
    // Nobody is ever on call for the Service Desk, so nothing else wakes its agents: their mail leaves at once.
    const { items } = await call('GET', '/teams')
    const team = items.find(({ name }) => name === 'Service Desk') as unknown as {
      members: { person_id: string; role: string }[]
    }
    const agent = team.members.find(({ role }) => role === 'agent')!
    await call('POST', '/pages', { ticket: number, person_id: agent.person_id })
    const findMail = async () =>
      (await call('GET', '/mailbox?limit=50')).items.find(({ subject }) => subject!.includes(title))
    await expect.poll(findMail, { timeout: 15_000 }).toBeDefined()
    const { text } = await call('GET', `/mailbox/${(await findMail())!.id}`)
    const [path] = /\/ack\/\S+/.exec(String(text))!

    const { page, context, errors } = await visit(browser, null, { width: 390, height: 844 })
    await page.goto(path)
    await page.getByText(title).waitFor()
    expect(await violations(page)).toEqual([])
    await page.reload()
    expect((await call('GET', `/tickets/${String(number)}`)).state).toBe('new')
    await page.getByRole('button', { name: 'Acknowledge' }).click()
    await page
      .getByRole('status')
      .filter({ hasText: String(number) })
      .waitFor()
    expect((await call('GET', `/tickets/${String(number)}`)).state).toBe('in_progress')
    await page.goto(path)
    await page.getByRole('heading', { name: 'This link no longer acknowledges' }).waitFor()
    expect(await page.getByRole('button', { name: 'Acknowledge' }).count()).toBe(0)
    expect(errors).toEqual([])
    await context.close()
  })

  it('is told when a link acknowledges nothing', async () => {
    const { page, context } = await visit(browser, null, { width: 390, height: 844 })
    await page.goto('/ack/ack_nothing')
    await page.getByRole('heading', { name: 'There is no such link' }).waitFor()
    expect(await violations(page)).toEqual([])
    await context.close()
  })

  it('sees who is on in a schedule', async () => {
    const { page } = me
    await page.goto('/oncall/schedules')
    await page.getByRole('link', { name: /Platform on call/ }).click()
    await page.getByRole('group', { name: 'Who is on' }).first().waitFor()
    expect(await violations(page)).toEqual([])
  })

  it('meets no error of the page’s own', () => {
    expect(me.errors).toEqual([])
  })
})
