// node test/screenshots.ts — the pictures of the README, from a running desk with the demo in it (TOCSIN_DATA).
import { mkdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { BrowserContext } from 'playwright-core'
import { launchChromium } from './harness/chromium.ts'

interface Demo {
  app: string
  people: { role: string; email: string; password: string }[]
}

const demo = JSON.parse(
  readFileSync(join(resolve(process.env.TOCSIN_DATA ?? '.data'), 'demo.json'), 'utf8'),
) as Demo
const into = fileURLToPath(new URL('../docs/images/', import.meta.url))
mkdirSync(into, { recursive: true })

const WIDE = { width: 1280, height: 800 }
const PHONE = { width: 390, height: 780 }
const shots = [
  { name: 'queue', role: 'agent', path: '/tickets', size: WIDE },
  { name: 'ticket', role: 'agent', path: await fireOfNow(), size: WIDE },
  { name: 'alerts', role: 'agent', path: '/alerts', size: WIDE },
  { name: 'insights', role: 'manager', path: '/insights', size: WIDE },
  { name: 'oncall', role: 'on_call', path: '/oncall', size: PHONE },
  { name: 'portal', role: 'employee', path: '/portal', size: WIDE },
]

const browser = await launchChromium()
for (const { name, role, path, size } of shots) {
  const context = await browser.newContext({
    viewport: size,
    locale: 'en-GB',
    timezoneId: 'Europe/Rome',
    colorScheme: 'light',
  })
  await signIn(context, role)
  const page = await context.newPage()
  const answer = await page.goto(demo.app + path, { waitUntil: 'load' })
  if (answer?.ok()) {
    // The live stream never goes idle, so the fonts and the first rows are waited for instead.
    await page.evaluate('document.fonts.ready')
    await page.locator('main').waitFor()
    await page.waitForTimeout(2_500)
    await page.screenshot({ path: join(into, `${name}.png`), animations: 'disabled' })
    process.stdout.write(`${name}.png\n`)
  } else process.stdout.write(`${path} answered ${answer?.status()}: no ${name}.png\n`)
  await context.close()
}
await browser.close()

async function signIn(context: BrowserContext, role: string): Promise<void> {
  const { email, password } = demo.people.find((person) => person.role === role)!
  const answer = await context.request.post(`${demo.app}/api/auth/sign-in/email`, {
    data: { email, password },
    headers: { origin: demo.app },
  })
  if (!answer.ok()) throw new Error(`${role} could not sign in: ${answer.status()}`)
}

/** The most urgent ticket that an agent sees. */
async function fireOfNow(): Promise<string> {
  const { apiKey } = demo as Demo & { apiKey: string }
  const answer = await fetch(`${demo.app}/api/v1/tickets?state=open&priority=P1&sort=-created&limit=1`, {
    headers: { authorization: `Bearer ${apiKey}` },
  })
  const { items } = (await answer.json()) as { items: { number: string }[] }
  return `/tickets/${items[0]?.number ?? 'INC-1'}`
}
