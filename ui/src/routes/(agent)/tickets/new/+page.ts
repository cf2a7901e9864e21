import { loadFrom } from '#lib/api/client.ts'
import type { Kind, List } from '#lib/api/types.ts'
import { m } from '#lib/paraglide/messages.js'
import type { TicketPage } from '#lib/ticket/ticket-page.ts'
import type { PageLoad } from './$types'

export interface ChangeTemplate {
  name: string
  number: string
  title: string
}

/** Problems and changes are opened by those who plan and assign work. `like`: a change to plan another after. */
export const load: PageLoad = async ({ fetch, url, parent }) => {
  const { me } = await parent()
  const plans = me?.capabilities.includes('ticket.work') ?? false
  const kinds: Kind[] = plans ? ['incident', 'request', 'problem', 'change'] : ['incident', 'request']
  const number = url.searchParams.get('like')
  const found = number
    ? await loadFrom({ fetch, url }, (api) => api.get<TicketPage>(`/tickets/${encodeURIComponent(number)}`))
    : undefined
  const templates = plans
    ? (await loadFrom({ fetch, url }, (api) => api.get<List<ChangeTemplate>>('/change-templates'))).items
    : []
  const like = plans && found?.change ? found : undefined
  const asked = like ? 'change' : url.searchParams.get('kind')
  return {
    place: m.new_title(),
    kinds,
    like,
    templates,
    kind: kinds.find((kind) => kind === asked) ?? 'incident',
  }
}
