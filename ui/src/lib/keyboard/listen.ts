import type { Command } from './commands.svelte.ts'

const sequencePause = 1200

// Nobody types into a box that is ticked: there the page's keys go on.
const typingPlaces =
  'input:not([type="checkbox"], [type="radio"]), textarea, select, [contenteditable="true"], [role="textbox"], [role="combobox"]'

// What was closed stands there, with the focus in it, until its last frame is drawn: keys are no longer its.
const leaving = '[data-state="closed"]'
const floats = ['dialog', 'alertdialog', 'menu', 'listbox']
  .map((role) => `[role="${role}"]:not(${leaving}, ${leaving} *)`)
  .join()

/** Whether keys belong to a field, a dialog or a menu rather than to the page. */
function isTaken(event: KeyboardEvent): boolean {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return true
  const target = event.target instanceof Element ? event.target : null
  const field = target?.closest(typingPlaces)
  if (field && !field.closest(`[role="dialog"]${leaving}`)) return true
  if (event.key === 'Enter' && target?.closest('a, button, summary, [role="button"]')) return true
  return document.querySelector(floats) !== null
}

/** Letters say whether Shift is held; of other characters it is part. */
function nameOf({ key, shiftKey }: KeyboardEvent): string {
  if (key === ' ') return 'space'
  return shiftKey && /^\p{L}$/u.test(key) ? `shift+${key.toLowerCase()}` : key.toLowerCase()
}

/** Runs commands by their keys, one or a sequence ("g t"); returns how to stop listening. */
export function listenForKeys(offered: () => readonly Command[]): () => void {
  let pending = ''
  let timer: ReturnType<typeof setTimeout> | undefined

  const onKey = (event: KeyboardEvent) => {
    if (isTaken(event)) return
    const pressed = pending ? `${pending} ${nameOf(event)}` : nameOf(event)
    clearTimeout(timer)
    pending = ''
    const all = offered()
    const hit = all.find((command) => command.keys === pressed)
    if (hit) {
      event.preventDefault()
      void hit.run()
    } else if (all.some((command) => command.keys?.startsWith(`${pressed} `))) {
      event.preventDefault()
      pending = pressed
      timer = setTimeout(() => (pending = ''), sequencePause)
    }
  }
  window.addEventListener('keydown', onKey)
  return () => {
    clearTimeout(timer)
    window.removeEventListener('keydown', onKey)
  }
}
