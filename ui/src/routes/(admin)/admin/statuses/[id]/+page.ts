import { error } from '@sveltejs/kit'
import { loadFrom } from '#lib/api/client.ts'
import type { List } from '#lib/api/types.ts'
import { m } from '#lib/paraglide/messages.js'
import type { Status } from '#lib/status/status.ts'
import { labelText } from '#lib/text/label.ts'
import type { PageLoad } from './$types'

export const load: PageLoad = async (event) => {
  if (event.params.id === 'new') return { status: null, place: m.status_new() }
  const { items } = await loadFrom(event, (api) => api.get<List<Status>>('/statuses', { archived: 'true' }))
  const status = items.find(({ id }) => id === event.params.id)
  if (!status) error(404, { message: m.frame_error_missing() })
  return { status, place: labelText(status.name) }
}
