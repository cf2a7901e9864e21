import type { Organisation } from './organisation.ts'
import type { Services } from './services.ts'
import { ITEMS, type ItemWords } from './words/requests.ts'
import type { World } from './world.ts'

/** What employees can ask for, with its form, in three languages. Answers ids by key. */
export function fillCatalogue(
  { chance, load, start }: World,
  { categories }: Organisation,
  services: Services,
): Map<ItemWords['key'], string> {
  const ids = new Map<ItemWords['key'], string>()
  for (const [position, item] of ITEMS.entries()) {
    const id = chance.id(start)
    ids.set(item.key, id)
    load.add('catalogue_item', {
      id,
      key: item.key,
      kind: item.kind,
      name: item.name,
      description: item.description,
      fields: item.fields,
      service_id: item.key === 'broken' ? null : services[item.service].id,
      team_id: item.key === 'broken' ? services.workstations.teamId : services[item.service].teamId,
      category_id: categories[item.category],
      impact: item.impact,
      urgency: item.urgency,
      position,
      created_at: new Date(start),
    })
  }
  return ids
}
