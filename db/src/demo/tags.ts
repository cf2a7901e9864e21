import { createChance } from './chance.ts'
import type { Tale } from './employees.ts'
import type { People } from './people.ts'
import { DAY, MINUTE, type World } from './world.ts'

const NAMES = ['black-friday', 'new-office-lyon', 'supplier', 'training', 'after-release', 'audit']

/** Free words on some tickets of the last weeks. Dice of their own, so that everything else stays as it was. */
export function tagSome({ load, now, start }: World, people: People, tales: readonly Tale[]): void {
  const chance = createChance(57)
  const ids = NAMES.map((name) => {
    const id = chance.id(start)
    load.add('tag', { id, name, created_at: new Date(start) })
    return id
  })
  for (const { opening, steps } of tales) {
    if (opening.kind === 'change' || opening.at < now - 40 * DAY || !chance.happens(0.12)) continue
    const at = opening.at + chance.between(3, 9) * MINUTE
    if (at > now) continue
    const tags = [chance.pick(ids)]
    if (chance.happens(0.2)) tags.push(ids.find((id) => id !== tags[0])!)
    const { agents } = people.teams[opening.service.team]
    steps.push({ at, verb: 'tag', actor: { kind: 'person', id: chance.pick(agents).id }, after: { tags } })
    for (const tag_id of tags)
      load.add('ticket_tag', { ticket_id: opening.id, tag_id, created_at: new Date(at) })
  }
}
