import { loadThing } from '#lib/admin/load-thing.ts'
import type { TeamDetail } from '#lib/admin/types.ts'
import { m } from '#lib/paraglide/messages.js'
import type { PageLoad } from './$types'

export const load: PageLoad = async (event) => {
  const team = await loadThing<TeamDetail>(event, '/teams')
  return { team, place: team?.name ?? m.admin_new_team() }
}
