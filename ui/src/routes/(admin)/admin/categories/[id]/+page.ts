import { error } from '@sveltejs/kit'
import { loadFrom } from '#lib/api/client.ts'
import type { List } from '#lib/api/types.ts'
import type { Category } from '#lib/category/tree.ts'
import { m } from '#lib/paraglide/messages.js'
import { labelText } from '#lib/text/label.ts'
import type { PageLoad } from './$types'

export const load: PageLoad = async (event) => {
  const { items } = await loadFrom(event, (api) =>
    api.get<List<Category>>('/categories', { archived: 'true' }),
  )
  const parentId = event.url.searchParams.get('beneath')
  if (event.params.id === 'new') return { category: null, parentId, items, place: m.category_new() }
  const category = items.find(({ id }) => id === event.params.id)
  if (!category) error(404, { message: m.frame_error_missing() })
  return { category, parentId, items, place: labelText(category.name) }
}
