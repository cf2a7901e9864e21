import { loadFrom } from '#lib/api/client.ts'
import type { List } from '#lib/api/types.ts'
import type { CannedReply, Macro } from '#lib/canned/types.ts'
import { m } from '#lib/paraglide/messages.js'
import type { PageLoad } from './$types'

export const load: PageLoad = async (event) => {
  const { searchParams } = event.url
  const query = {
    q: searchParams.get('q') ?? undefined,
    archived: searchParams.get('archived') ?? undefined,
  }
  const list = await loadFrom(event, (api) => api.get<List<CannedReply | Macro>>('/macros', query))
  return { list, query, place: m.macros() }
}
