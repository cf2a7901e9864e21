// node test/screenshots.ts — the pictures of the README, from a running desk with the demo in it (TOCSIN_DATA).
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { BrowserContext, Page } from 'playwright-core'
import { launchChromium } from './harness/chromium.ts'

interface Demo {
  app: string
  apiKey: string
  people: { role: string; email: string; password: string }[]
}

interface Shot {
  name: string
  role: string
  path: string
  size?: { width: number; height: number }
  dark?: boolean
  /** What one does before the picture. */
  first?: (page: Page) => Promise<unknown>
}

const demo = JSON.parse(
  readFileSync(join(resolve(process.env.TOCSIN_DATA ?? '.data'), 'demo.json'), 'utf8'),
) as Demo
const into = fileURLToPath(new URL('../docs/images/', import.meta.url))
mkdirSync(into, { recursive: true })

const WIDE = { width: 1440, height: 900 }
const PHONE = { width: 390, height: 780 }
const shots: Shot[] = [
  { name: 'queue', role: 'agent', path: '/tickets' },
  {
    name: 'ticket',
    role: 'agent',
    path: await numberOf('kind=incident&state=open&priority=P1&sort=-created'),
  },
  { name: 'major', role: 'agent', path: await numberOf('major=declared'), dark: true },
  { name: 'alerts', role: 'agent', path: '/alerts' },
  { name: 'live', role: 'manager', path: '/live' },
  { name: 'insights', role: 'manager', path: '/insights' },
  {
    name: 'automation',
    role: 'administrator',
    path: '/admin/automation',
    first: (page) => page.locator('main ol button[aria-expanded]').first().click(),
  },
  { name: 'oncall', role: 'on_call', path: '/oncall', size: PHONE, dark: true },
  { name: 'portal', role: 'employee', path: '/portal' },
  { name: 'portal-phone', role: 'employee', path: '/portal', size: PHONE },
]

const browser = await launchChromium()
for (const { name, role, path, size = WIDE, dark = false, first } of shots) {
  const context = await browser.newContext({
    viewport: size,
    // Letters stay sharp on the screens that people read with.
    deviceScaleFactor: 2,
    locale: 'en-GB',
    timezoneId: 'Europe/Rome',
    colorScheme: dark ? 'dark' : 'light',
  })
  await signIn(context, role)
  const page = await context.newPage()
  const answer = await page.goto(demo.app + path, { waitUntil: 'load' })
  if (answer?.ok()) {
    // The live stream never goes idle, so the fonts and the first rows are waited for instead.
    await page.evaluate('document.fonts.ready')
    await page.locator('main').waitFor()
    await page.waitForTimeout(2_500)
    await first?.(page)
    await page.waitForTimeout(500)
    await keep(page, name)
    process.stdout.write(`${name}.webp\n`)
  } else process.stdout.write(`${path} answered ${answer?.status()}: no ${name}.webp\n`)
  await context.close()
}
await browser.close()

/** A fifth of what it would be as PNG. */
async function keep(page: Page, name: string): Promise<void> {
  const session = await page.context().newCDPSession(page)
  const { data } = await session.send('Page.captureScreenshot', { format: 'webp', quality: 82 })
  writeFileSync(join(into, `${name}.webp`), Buffer.from(data, 'base64'))
}

async function signIn(context: BrowserContext, role: string): Promise<void> {
  const { email, password } = demo.people.find((person) => person.role === role)!
  const answer = await context.request.post(`${demo.app}/api/auth/sign-in/email`, {
    data: { email, password },
    headers: { origin: demo.app },
  })
  if (!answer.ok()) throw new Error(`${role} could not sign in: ${answer.status()}`)
}

/** The page of the first ticket that the desk lists for this question. */
async function numberOf(query: string): Promise<string> {
  const answer = await fetch(`${demo.app}/api/v1/tickets?${query}&limit=1`, {
    headers: { authorization: `Bearer ${demo.apiKey}` },
  })
  const { items } = (await answer.json()) as { items: { number: string }[] }
  return `/tickets/${items[0]?.number ?? 'INC-1'}`
}
