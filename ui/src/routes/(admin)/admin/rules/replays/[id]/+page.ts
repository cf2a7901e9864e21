import type { Difference, Replay } from '#lib/admin/replays.ts'
import { loadFrom } from '#lib/api/client.ts'
import type { List } from '#lib/api/types.ts'
import { m } from '#lib/paraglide/messages.js'
import type { PageLoad } from './$types'

export const load: PageLoad = async (event) => {
  const { id } = event.params
  const [replay, differences] = await loadFrom(event, (api) =>
    Promise.all([
      api.get<Replay>(`/replays/${id}`),
      api.get<List<Difference>>(`/replays/${id}/differences`, { limit: 50 }),
    ]),
  )
  return { replay, differences, place: m.replay() }
}
