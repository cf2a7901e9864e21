import { error } from '@sveltejs/kit'
import { loadFrom } from '#lib/api/client.ts'
import type { List } from '#lib/api/types.ts'
import type { Organisation } from '#lib/organisation/tree.ts'
import { m } from '#lib/paraglide/messages.js'
import type { PageLoad } from './$types'

export const load: PageLoad = async (event) => {
  const { items } = await loadFrom(event, (api) => api.get<List<Organisation>>('/organisations'))
  const parentId = event.url.searchParams.get('beneath')
  if (event.params.id === 'new') return { organisation: null, parentId, items, place: m.organisation_new() }
  const organisation = items.find(({ id }) => id === event.params.id)
  if (!organisation) error(404, { message: m.frame_error_missing() })
  return { organisation, parentId, items, place: organisation.name }
}
