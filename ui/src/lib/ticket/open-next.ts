import { goto } from '$app/navigation'
import { attempt } from '#lib/api/attempt.ts'
import { api } from '#lib/api/client.ts'
import type { List, TicketLine } from '#lib/api/types.ts'
import { toasts } from '#lib/frame/toasts.svelte.ts'
import { m } from '#lib/paraglide/messages.js'
import { nextWords } from '#lib/routing/words.ts'

/** Opens what I should begin next: mine, or nobody's in my teams; from a ticket's own page, the one after it. */
export async function openNext(): Promise<void> {
  const list = await attempt(() =>
    api.get<List<TicketLine>>('/tickets', { for: 'me', sort: 'next', limit: 2 }),
  )
  if (!list) return
  const here = location.pathname.split('/').at(-1)
  const ticket = list.items.find(({ number }) => number !== here) ?? list.items[0]
  if (!ticket) {
    toasts.show(m.next_nothing())
    return
  }
  if (ticket.next) toasts.show(`${ticket.number}: ${nextWords(ticket.next)}`)
  await goto(`/tickets/${ticket.number}`)
}
