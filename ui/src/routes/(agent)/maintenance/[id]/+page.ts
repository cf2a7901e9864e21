import { loadFrom } from '#lib/api/client.ts'
import type { AlertLine, List } from '#lib/api/types.ts'
import type { Maintenance, Span } from '#lib/maintenance/types.ts'
import type { PageLoad } from './$types'

export const load: PageLoad = async ({ fetch, url, params }) => {
  const [window, held] = await loadFrom({ fetch, url }, (api) =>
    Promise.all([
      api.get<Maintenance & { spans: Span[] }>(`/maintenance/${params.id}`),
      api.get<List<AlertLine>>('/alerts', { window: params.id, limit: 50 }),
    ]),
  )
  return { window, held: held.items, place: window.reason }
}
