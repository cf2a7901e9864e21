import { error } from '@sveltejs/kit'
import type { ItemForEditing } from '#lib/admin/policies.ts'
import { loadFrom } from '#lib/api/client.ts'
import type { List } from '#lib/api/types.ts'
import { m } from '#lib/paraglide/messages.js'
import { labelText } from '#lib/text/label.ts'
import type { PageLoad } from './$types'

export const load: PageLoad = async (event) => {
  if (event.params.id === 'new') return { item: null, place: m.admin_new_item() }
  const { items } = await loadFrom(event, (api) => api.get<List<ItemForEditing>>('/catalogue/items'))
  const item = items.find(({ key }) => key === event.params.id)
  if (!item) error(404, { message: m.frame_error_missing() })
  return { item, place: labelText(item.name) }
}
