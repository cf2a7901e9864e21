import type { Kind } from '#lib/api/types.ts'
import { m } from '#lib/paraglide/messages.js'
import type { PageLoad } from './$types'

/** Problems and changes are opened by those who plan and assign work. */
export const load: PageLoad = async ({ url, parent }) => {
  const { me } = await parent()
  const plans = me?.capabilities.includes('ticket.work') ?? false
  const kinds: Kind[] = plans ? ['incident', 'request', 'problem', 'change'] : ['incident', 'request']
  const asked = url.searchParams.get('kind')
  return { place: m.new_title(), kinds, kind: kinds.find((kind) => kind === asked) ?? 'incident' }
}
