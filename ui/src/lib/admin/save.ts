import { goto, refreshAll } from '$app/navigation'
import { toasts } from '#lib/frame/toasts.svelte.ts'
import { m } from '#lib/paraglide/messages.js'

/** What follows a save: a word, and the page as the record now has it, at its own address once created. */
export async function saved(href?: string): Promise<void> {
  toasts.show(m.common_saved(), { tone: 'good' })
  if (href) await goto(href, { refreshAll: true })
  else await refreshAll()
}
