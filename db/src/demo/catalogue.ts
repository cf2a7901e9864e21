import type { Organisation } from './organisation.ts'
import type { People } from './people.ts'
import type { Services } from './services.ts'
import { ITEMS, type ItemWords } from './words/requests.ts'
import type { World } from './world.ts'

/** What employees can ask for, with its form, in three languages. Answers ids by key. */
export function fillCatalogue(
  { chance, load, start }: World,
  { categories }: Organisation,
  services: Services,
  { teams }: People,
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
      // Nobody who reports a fault should have to know whose it is: the service desk does.
      team_id: item.key === 'broken' ? teams['service-desk'].id : services[item.service].teamId,
      category_id: categories[item.category],
      impact: item.impact,
      urgency: item.urgency,
      position,
      // Whoever answers for the service desk says yes to a new laptop.
      approvals: item.key === 'laptop' ? [{ rule: 'any', team_id: teams['service-desk'].id }] : [],
      created_at: new Date(start),
    })
  }
  load.add('checklist_template', {
    // Not by chance: nothing that follows becomes another for it.
    id: '018bcfe5-6800-7c4e-9a51-1f0c3f2a7d10',
    name: 'Somebody new joins',
    points: [
      { text: 'Account in the directory', required: true },
      { text: 'Laptop with the standard image', required: true },
      { text: 'Badge and keys' },
      { text: 'Ask after a week how it goes' },
    ],
    item_ids: `{${ids.get('starter')}}`,
    created_at: new Date(start),
  })
  return ids
}
