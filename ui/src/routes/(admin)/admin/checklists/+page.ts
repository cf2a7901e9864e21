import { loadFrom } from '#lib/api/client.ts'
import type { List } from '#lib/api/types.ts'
import { m } from '#lib/paraglide/messages.js'
import type { ChecklistTemplate } from '#lib/ticket/checklist.ts'
import type { PageLoad } from './$types'

export const load: PageLoad = async (event) => {
  const { items } = await loadFrom(event, (api) =>
    api.get<List<ChecklistTemplate>>('/checklist-templates', { archived: 'true' }),
  )
  return { items, place: m.checklists() }
}
