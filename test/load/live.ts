// From the POST of a firing alert to its incident on an open queue, in a real browser on the whole running desk
// with the demo in it: `node test/load/live.ts [alerts]`.
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import type { BrowserContext, Page } from 'playwright-core'
import type { DemoDesk } from '../harness/browser-desk.ts'
import { hasChromium, launchChromium } from '../harness/chromium.ts'
import { startDesk } from '../harness/desk.ts'
import { percentile, tell } from './figures.ts'

const LIMIT_MS = 500

/** Prints the distribution and answers whether p95 stayed within its limit. */
export async function benchLive(alerts = 60): Promise<boolean> {
  if (!hasChromium()) {
    console.log('There is no Chromium on this machine: live was not measured.')
    return false
  }
  const desk = await startDesk({ demo: true, deadline: 300_000 })
  const browser = await launchChromium()
  try {
    const demo = JSON.parse(await readFile(join(desk.dataFolder, 'demo.json'), 'utf8')) as DemoDesk
    const page = await openQueue(await browser.newContext(), { ...demo, app: desk.app })
    const seen = await watchFor(page)
    // The first finds everything cold: pages, plans and connections.
    const took: number[] = []
    for (let index = 0; index <= alerts; index++) {
      const title = `live-${index}-of-${alerts}`
      const arrives = seen(title)
      const begun = performance.now()
      const answer = await fetch(`${desk.ingest}/v1/events/${demo.integrations.events}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ dedup_key: title, title, service: 'platform', severity: 'critical' }),
      })
      if (!answer.ok) throw new Error(`the door answered ${answer.status}: ${await answer.text()}`)
      const at = await arrives
      if (index > 0) took.push(at - begun)
      // What follows an incident, its page and mail, refreshes the queue too: alerts come at any moment of that.
      await pause(300 + ((index * 389) % 1700))
    }
    const ms = (value: number) => Math.round(value)
    return tell(
      {
        figure: 'POST to the open page, p95',
        measured: ms(percentile(took, 0.95)),
        unit: 'ms',
        most: LIMIT_MS,
      },
      `p50 ${ms(percentile(took, 0.5))} ms, worst ${ms(Math.max(...took))} ms, n = ${took.length}`,
    )
  } finally {
    await browser.close()
    await desk.remove()
  }
}

/** The queue with the newest first, as the agent of the demo has it open. */
async function openQueue(context: BrowserContext, demo: DemoDesk): Promise<Page> {
  const { email, password } = demo.people.find(({ role }) => role === 'agent')!
  const answer = await context.request.post(`${demo.app}/api/auth/sign-in/email`, {
    data: { email, password },
    headers: { origin: demo.app },
  })
  if (!answer.ok()) throw new Error(`the agent could not sign in: ${answer.status()}`)
  const page = await context.newPage()
  const listening = page.waitForResponse((response) => response.url().includes('/api/v1/stream'))
  await page.goto(`${demo.app}/tickets?f=state%3Aopen&sort=-created`)
  await listening
  return page
}

/** Answers, for a title, when it has been painted in the page. */
async function watchFor(page: Page): Promise<(title: string) => Promise<number>> {
  const waiting = new Map<string, (at: number) => void>()
  await page.exposeFunction('painted', (title: string) => waiting.get(title)?.(performance.now()))
  await page.evaluate(`new MutationObserver((records) => {
    const text = records.map(({ target, addedNodes }) => [target, ...addedNodes].map((node) => node.nodeType === 1 && node === target ? '' : node.textContent).join(' ')).join(' ')
    for (const title of new Set(text.match(/live-\\d+-of-\\d+/g))) requestAnimationFrame(() => painted(title))
  }).observe(document.querySelector('main'), { subtree: true, childList: true, characterData: true })`)
  return (title) =>
    new Promise((resolve, reject) => {
      const late = setTimeout(() => reject(new Error(`${title} did not come onto the page in 20 s`)), 20_000)
      waiting.set(title, (at) => {
        clearTimeout(late)
        resolve(at)
      })
    })
}

if (import.meta.main) process.exitCode = (await benchLive(Number(process.argv[2]) || undefined)) ? 0 : 1
