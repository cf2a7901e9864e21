import { attempt } from '#lib/api/attempt.ts'
import { api } from '#lib/api/client.ts'
import type { List } from '#lib/api/types.ts'
import type { CannedReply } from '#lib/canned/types.ts'
import { scopeWord } from '#lib/canned/words.ts'
import { toasts } from '#lib/frame/toasts.svelte.ts'
import { m } from '#lib/paraglide/messages.js'
import type { Source } from './write-area.svelte'

/** Canned replies as one writes: found by their words, filled in from the ticket where one is chosen. */
export function preparedReplies(number: string): Source {
  const bodies = new Map<string, string>()
  return {
    find: async (q, signal) => {
      const { items } = await api.get<List<CannedReply>>('/canned-replies', { q, limit: 20 }, signal)
      for (const { id, body } of items) bodies.set(id, body)
      return items.map(({ id, title, body, team, scope }) => ({
        id,
        label: title,
        hint: `${team?.name ?? scopeWord(scope)} · ${body}`,
      }))
    },
    take: async ({ id }) => {
      const body = bodies.get(id)
      if (body === undefined) return undefined
      const filled = await attempt(() =>
        api.post<{ text: string; missing: string[] }>(`/tickets/${number}/fill`, { body }),
      )
      if (filled && filled.missing.length > 0)
        toasts.show(m.canned_missing({ names: filled.missing.map((name) => `{{${name}}}`).join(', ') }))
      return filled?.text
    },
  }
}
