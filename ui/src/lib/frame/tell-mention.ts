import type { LiveEvent } from '#lib/live/live.svelte.ts'
import { m } from '#lib/paraglide/messages.js'
import { toasts } from './toasts.svelte.ts'

/** Says where somebody has just mentioned whoever looks at this tab, unless they are there already. */
export function tellMention({ mentions_me, ticket }: LiveEvent): void {
  if (!mentions_me || !ticket || document.visibilityState !== 'visible') return
  const href = `/tickets/${ticket.number}`
  if (location.pathname === href) return
  toasts.show(m.mention_of_you({ number: ticket.number }), {
    link: { href, label: m.tickets_open_page() },
  })
}
