import { loadFrom } from '#lib/api/client.ts'
import type { List } from '#lib/api/types.ts'
import { m } from '#lib/paraglide/messages.js'
import type { PageLoad } from './$types'

export interface MailLine {
  id: string
  at: string
  recipient: string
  subject: string
  ticket: string | null
}

export const load: PageLoad = async (event) => {
  const q = event.url.searchParams.get('q') ?? ''
  const { items } = await loadFrom(event, (api) => api.get<List<MailLine>>('/mailbox', { q, limit: 100 }))
  return { q, items, place: m.admin_mailbox() }
}
