// From a key's event to the frame that shows what it did, in a real browser on the whole running desk: the queue with a
// page of rows, a ticket with a story of 500 lines, its reply box, pickers and the palette. `npm run bench keystroke`, or
// `node test/load/keystroke.ts [folder]`: a folder of `queue.ts` with its million tickets; without one, the demo.
import { readFile } from 'node:fs/promises'
import { loadavg } from 'node:os'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import type { DemoDesk } from '../harness/browser-desk.ts'
import { hasChromium, launchChromium } from '../harness/chromium.ts'
import { startDesk } from '../harness/desk.ts'
import { until } from '../harness/until.ts'
import { percentile, tell } from './figures.ts'

const LIMIT_MS = 50
const RUNS = 30
const LINES = 500

/** A key, and an expression in the page whose value it changes. */
interface Stroke {
  name: string
  key: string
  shows: string
  /** What undoes it, where it is not undone by the next one. */
  back?: string
}

const LINE = `document.activeElement?.getAttribute('href')`
const DIALOG = `document.querySelector('[role=dialog]:not([data-state=closed])')?.contains(document.activeElement) ?? false`
const FOCUS = `document.activeElement?.tagName`
const TYPED = `document.activeElement?.value`
const LISTED = `document.querySelector('[role=dialog] [role=listbox]')?.textContent`
const SELECTED = `document.querySelectorAll('main li input:checked').length`

const opens = (name: string, key: string): Stroke => ({ name, key, shows: DIALOG, back: 'Escape' })
const types = (name: string, shows = TYPED): Stroke => ({ name, key: 'e', shows, back: 'Backspace' })

const QUEUE: Stroke[] = [
  { name: 'to the next line', key: 'j', shows: LINE },
  { name: 'to the line before', key: 'k', shows: LINE, back: 'j' },
  { name: 'select', key: 'x', shows: SELECTED, back: 'x' },
  opens('change the state', 's'),
  opens('assign', 'm'),
  opens('views', 'v'),
  opens('keys', '?'),
  opens('palette', 'Control+k'),
]
const TICKET: Stroke[] = [
  { name: 'reply', key: 'r', shows: FOCUS, back: 'Escape' },
  opens('assign', 'm'),
  opens('change the state', 's'),
  opens('set the category', 'Shift+c'),
  opens('edit', 'i'),
  opens('macro', 'x'),
  opens('keys', '?'),
  opens('palette', 'Control+k'),
]

/** Prints each key's distribution and answers whether every p95 stayed within its limit. */
export async function benchKeystroke(folder?: string): Promise<boolean> {
  if (!hasChromium()) {
    console.log('There is no Chromium on this machine: keys were not measured.')
    return false
  }
  const desk = await startDesk({ demo: true, deadline: 900_000, ...(folder && { dataFolder: folder }) })
  let browser: Browser | undefined
  try {
    browser = await launchChromium()
    const demo = JSON.parse(await readFile(join(desk.dataFolder, 'demo.json'), 'utf8')) as DemoDesk
    const call = callsOf({ ...demo, app: desk.app })
    // A store of figures that is still being filled is no desk at rest.
    await until(async () => (await call('GET', '/kpis/volume').catch(() => undefined)) !== undefined, {
      deadline: 900_000,
      every: 1000,
      what: 'the figures are there',
    })
    const page = await signedIn(browser, { ...demo, app: desk.app })
    const kept: boolean[] = []
    const measure = async (place: string, strokes: Stroke[]) => {
      for (const stroke of strokes) kept.push(await told(page, place, stroke))
    }

    await page.goto(`${desk.app}/tickets?f=state%3Aopen&sort=-created`, { waitUntil: 'networkidle' })
    await measure('queue', QUEUE)
    await within(page, 'Control+k', () => measure('palette', [types('a letter', LISTED)]))
    await within(page, 'f', () => measure('filter', [types('a letter')]))

    const number = await longStory(call)
    await page.goto(`${desk.app}/tickets/${number}`, { waitUntil: 'networkidle' })
    await showAll(page)
    await measure('ticket', TICKET)
    await within(page, 'r', () => measure('reply box', [types('a letter')]))
    await within(page, 'n', () => measure('note box', [types('a letter')]))
    await within(page, 'm', () => measure('person picker', [types('a letter')]))
    await within(page, 'Shift+c', () => measure('category picker', [types('a letter')]))
    console.log(
      `\n${kept.every(Boolean) ? 'every goal is kept' : `${kept.filter((one) => !one).length} missed`}; load average ${loadavg()[0]!.toFixed(1)}`,
    )
    return kept.every(Boolean)
  } finally {
    await browser?.close()
    await (folder ? desk.stop() : desk.remove())
  }
}

async function told(page: Page, place: string, stroke: Stroke): Promise<boolean> {
  const took: number[] = []
  // The first ones find code that nobody has run yet.
  for (let run = -3; run < RUNS; run++) {
    const ms = await pressed(page, stroke)
    if (run >= 0) took.push(ms)
  }
  const ms = (value: number) => Math.round(value)
  return tell(
    {
      figure: `${place}: ${stroke.name} (${stroke.key}), p95`,
      measured: ms(percentile(took, 0.95)),
      unit: 'ms',
      most: LIMIT_MS,
    },
    `p50 ${ms(percentile(took, 0.5))} ms, worst ${ms(Math.max(...took))} ms, n = ${took.length}`,
  )
}

/**
 * From the key's event until the frame after the change has been handed over: a message that is posted in its animation
 * frame comes when that frame is done.
 */
async function pressed(page: Page, { key, shows, back, name }: Stroke): Promise<number> {
  const before = await page.evaluate(shows)
  await page.evaluate(`void (window.stroke = new Promise((resolve) => {
    const before = ${shows}
    let began
    const look = () => {
      if (began === undefined || Object.is(${shows}, before)) return
      observer.disconnect()
      for (const kind of ['focusin', 'input']) removeEventListener(kind, look, true)
      requestAnimationFrame(() => {
        const { port1, port2 } = new MessageChannel()
        port1.onmessage = () => resolve(performance.now() - began)
        port2.postMessage(0)
      })
    }
    const observer = new MutationObserver(look)
    observer.observe(document, { subtree: true, childList: true, attributes: true, characterData: true })
    for (const kind of ['focusin', 'input']) addEventListener(kind, look, true)
    addEventListener('keydown', (event) => (began = event.timeStamp), { capture: true, once: true })
  }))`)
  await page.keyboard.press(key)
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`“${name}” (${key}) showed nothing in 10 s`)), 10_000)
  })
  const ms = (await Promise.race([page.evaluate('window.stroke'), late])) as number
  clearTimeout(timer)
  if (back) {
    await page.keyboard.press(back)
    await until(async () => Object.is(await page.evaluate(shows), before), {
      every: 10,
      what: `${name} is undone`,
    })
  }
  // What the key set off beside its effect ends before the next one, as it does under a person's hands.
  await page.evaluate('new Promise((done) => requestIdleCallback(done, { timeout: 500 }))')
  return ms
}

/** Inside what a key opens, which Escape leaves. */
async function within(page: Page, key: string, work: () => Promise<void>): Promise<void> {
  await page.keyboard.press(key)
  await until(() => page.evaluate(`typeof ${TYPED} === 'string'`).then(Boolean), {
    what: `${key} opens a field`,
  })
  // What comes after the first frame is no effect of the keys that follow.
  let listed: unknown
  await until(async () => Object.is(listed, (listed = await page.evaluate(LISTED))), {
    every: 300,
    what: 'its list is whole',
  })
  await work()
  await page.keyboard.press('Escape')
  await page.evaluate('document.activeElement?.blur()')
}

async function signedIn(browser: Browser, demo: DemoDesk): Promise<Page> {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } })
  const { email, password } = demo.people.find(({ role }) => role === 'agent')!
  const answer = await context.request.post(`${demo.app}/api/auth/sign-in/email`, {
    data: { email, password },
    headers: { origin: demo.app },
  })
  if (!answer.ok()) throw new Error(`the agent could not sign in: ${answer.status()}`)
  return context.newPage()
}

type Call = (method: string, path: string, body?: unknown) => Promise<unknown>

const callsOf =
  ({ app, apiKey }: DemoDesk): Call =>
  async (method, path, body) => {
    const answer = await fetch(`${app}/api/v1${path}`, {
      method,
      headers: { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json' },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    })
    if (!answer.ok) throw new Error(`${path} answered ${answer.status}: ${await answer.text()}`)
    return answer.json()
  }

/** A ticket of the agent's team that much has been said about. */
async function longStory(call: Call): Promise<string> {
  const { items } = (await call('GET', '/teams')) as { items: { id: string; name: string }[] }
  const team_id = items.find(({ name }) => name === 'Platform')!.id
  const asked = { kind: 'incident', title: 'It goes on and on', team_id }
  const { number } = (await call('POST', '/tickets', asked)) as { number: string }
  for (let line = 1; line <= LINES; line++) {
    const body = `Line ${line}: **looked again** at [the log](https://example.test/${line}), nothing new.\n\n- disk\n- memory`
    await call('POST', `/tickets/${number}/note`, { body })
  }
  return number
}

async function showAll(page: Page): Promise<void> {
  const earlier = page.getByRole('button', { name: 'Show earlier lines' })
  const lines = page.getByRole('region', { name: 'Story' }).getByRole('listitem')
  for (let shown = -1; (await earlier.count()) > 0;) {
    if ((await lines.count()) !== shown) {
      shown = await lines.count()
      await earlier.press('Enter')
    }
    await page.evaluate('new Promise((done) => setTimeout(done, 100))')
  }
  if ((await lines.count()) < LINES) throw new Error(`only ${await lines.count()} lines are on the page`)
}

if (import.meta.main)
  process.exitCode = (await benchKeystroke(process.argv.slice(2).find((word) => !word.startsWith('--'))))
    ? 0
    : 1
