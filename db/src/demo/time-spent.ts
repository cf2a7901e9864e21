import { createChance } from './chance.ts'
import type { Tale } from './employees.ts'
import type { People } from './people.ts'
import { DAY, MINUTE, type World } from './world.ts'

const LENGTHS = [10, 15, 20, 30, 30, 45, 60, 90, 150]

/** What people wrote down of the last weeks. Dice of their own, so that everything else stays as it was. */
export function spendTime({ load, now, start }: World, people: People, tales: readonly Tale[]): void {
  const chance = createChance(148)
  for (const { opening, steps } of tales) {
    if (opening.at < now - 60 * DAY || !chance.happens(0.25)) continue
    const { agents } = people.teams[opening.service.team]
    const minutes = chance.pick(LENGTHS)
    const at = opening.at + (minutes + chance.between(5, 50)) * MINUTE
    if (at > now) continue
    const [person, id] = [chance.pick(agents).id, chance.id(start)]
    const actor = { kind: 'person', id: person } as const
    steps.push({ at, verb: 'book-time', actor, after: { entry: id, minutes, person } })
    load.add('work_entry', {
      id,
      ticket_id: opening.id,
      person_id: person,
      minutes,
      at: new Date(at),
      created_at: new Date(at),
    })
  }
}
