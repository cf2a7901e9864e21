import { error } from '@sveltejs/kit'
import { loadFrom } from '#lib/api/client.ts'
import type { List, Named, Team } from '#lib/api/types.ts'
import type { LayoutLoad } from './$types'

/** Administration is for administrators; what its forms name is read once a visit. */
export const load: LayoutLoad = async ({ fetch, url, untrack, parent }) => {
  const { me } = await parent()
  if (me && !me.administrator) error(403, { message: 'Administration is for administrators.' })
  const here = untrack(() => url)
  const [teams, services] = await loadFrom({ fetch, url: here }, (api) =>
    Promise.all([api.get<List<Team>>('/teams'), api.get<List<Named & { key: string }>>('/services')]),
  )
  return { teams: teams.items, services: services.items }
}
