import { error } from '@sveltejs/kit'
import { loadFrom } from '#lib/api/client.ts'
import type { List } from '#lib/api/types.ts'
import type { Category } from '#lib/category/tree.ts'
import { m } from '#lib/paraglide/messages.js'
import type { CatalogueItem } from '#lib/portal/types.ts'
import type { ChecklistTemplate } from '#lib/ticket/checklist.ts'
import type { PageLoad } from './$types'

export const load: PageLoad = async (event) => {
  const [templates, categories, items] = await loadFrom(event, (api) =>
    Promise.all([
      api.get<List<ChecklistTemplate>>('/checklist-templates', { archived: 'true' }),
      api.get<List<Category>>('/categories'),
      api.get<List<CatalogueItem>>('/catalogue'),
    ]),
  )
  const here = { categories: categories.items, items: items.items }
  if (event.params.id === 'new') return { template: null, place: m.checklist_new(), ...here }
  const template = templates.items.find(({ id }) => id === event.params.id)
  if (!template) error(404, { message: m.frame_error_missing() })
  return { template, place: template.name, ...here }
}
