import type { Locator, Page } from 'playwright-core'

// What is used of the page's own objects: our types know no browser.
interface Node {
  closest: (selector: string) => Node | null
  querySelectorAll: (selector: string) => Iterable<Node>
  checkVisibility: (options: { visibilityProperty: boolean }) => boolean
  ownerDocument: Node & { activeElement: Node | null }
  tabIndex: number
  disabled?: boolean
  type?: string
  name?: string
  checked?: boolean
}

// A field of a date has stops of its own, which are passed one by one.
const MOST_ROUNDS = 40

/** A person with a keyboard and nothing else: what they cannot reach by Tab and keys, they cannot reach. */
export interface Keyboard {
  /** Goes to an address, and waits until the page listens. */
  open: (path: string) => Promise<void>
  again: () => Promise<void>
  keys: (...names: string[]) => Promise<void>
  /** By Tab, or back by Shift and Tab, until this has the focus. */
  reach: (target: Locator) => Promise<void>
  press: (target: Locator, key?: string) => Promise<void>
  /** In the place of what stands there. */
  write: (target: Locator, words: string) => Promise<void>
  /** A date or a date and time as `2026-11-28T09:30`, into a field with parts, as English has them. */
  moment: (target: Locator, at: string) => Promise<void>
  /** The option with these words, or at this place, of a native list. */
  choose: (target: Locator, option: string | number) => Promise<void>
}

/** Until then, what is pressed or typed reaches nobody. */
export const alive = (page: Page): Promise<void> =>
  page.locator('html[data-alive]').waitFor({ state: 'attached' })

export function keyboardOf(page: Page): Keyboard {
  const keys = async (...names: string[]) => {
    for (const name of names) await page.keyboard.press(name)
  }
  const reach = async (target: Locator) => {
    for (let round = 0; round < MOST_ROUNDS; round++) {
      const steps = await target.evaluate(stepsTo as unknown as (element: unknown) => number)
      if (steps === 0) return
      await keys(...Array<string>(Math.abs(steps)).fill(steps > 0 ? 'Tab' : 'Shift+Tab'))
    }
    throw new Error(`It cannot be reached by Tab: ${String(target)}`)
  }
  return {
    open: async (path) => {
      await page.goto(path)
      await alive(page)
    },
    again: async () => {
      await page.reload()
      await alive(page)
    },
    keys,
    reach,
    press: async (target, key = 'Enter') => {
      await reach(target)
      await keys(key)
    },
    write: async (target, words) => {
      await reach(target)
      await keys('Control+a', 'Delete')
      // Several lines come from the clipboard, as they would in a person's hands.
      await (words.includes('\n') ? page.keyboard.insertText(words) : page.keyboard.type(words))
    },
    moment: async (target, at) => {
      const [date, time] = at.includes('T') ? at.split('T') : at.includes(':') ? ['', at] : [at, '']
      const [year, month, day] = date!.split('-')
      const [hour, minute] = (time ?? '').split(':')
      await reach(target)
      // Whoever comes from below stands in its last part: out of it upwards, and in from above.
      const within = () => target.evaluate((field) => field === field.ownerDocument.activeElement)
      do await keys('Shift+Tab')
      while (await within())
      await keys('Tab')
      if (date) await page.keyboard.type(`${month}${day}${year}`)
      if (date && time) await keys('ArrowRight')
      if (!time) return
      const half = Number(hour) < 12 ? 'AM' : 'PM'
      const clock = String(Number(hour) % 12 || 12).padStart(2, '0')
      await page.keyboard.type(`${clock}${minute}${half}`)
    },
    choose: async (target, option) => {
      await reach(target)
      const labels = await target.locator('option').allInnerTexts()
      const place = typeof option === 'number' ? option : labels.indexOf(option)
      if (place < 0) throw new Error(`There is no “${option}” among ${labels.join(', ')}.`)
      await keys('Home', ...Array<string>(place).fill('ArrowDown'))
    },
  }
}

/** How many stops from where the focus is, as far as the page tells. It runs in the page, so it is whole in itself. */
function stepsTo(target: Node): number {
  const { ownerDocument } = target
  const { activeElement } = ownerDocument
  if (activeElement === target) return 0
  const around = target.closest('[role=dialog], [role=alertdialog]') ?? ownerDocument
  // What is folded away has a place, and no stop.
  const stops = [
    ...around.querySelectorAll('a[href], button, input, select, textarea, summary, iframe, [tabindex]'),
  ].filter(
    (node) => node.tabIndex >= 0 && !node.disabled && node.checkVisibility({ visibilityProperty: true }),
  )
  const chosen = new Set(
    stops.filter(({ type, checked }) => type === 'radio' && checked).map(({ name }) => name),
  )
  // Of a group of radios, one is a stop.
  const told = stops.filter(({ type, name, checked }) => type !== 'radio' || checked || !chosen.has(name))
  const [from, to] = [activeElement ? told.indexOf(activeElement) : -1, told.indexOf(target)]
  if (to < 0) throw new Error('It takes no focus by Tab.')
  if (from >= 0) return to - from
  return to + 1 <= told.length - to ? to + 1 : to - told.length
}
