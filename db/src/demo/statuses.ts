import { createChance } from './chance.ts'
import type { Opening, Step } from './story.ts'
import { local } from './words/local.ts'
import type { World } from './world.ts'

/**
 * Two finer words for where an incident is, and the incidents that came to them: those that wait for a vendor, and
 * those that went on after it. Dice of their own, so that everything else stays as it was.
 */
export function nameStatuses({ load, start }: World, tales: { opening: Opening; steps: Step[] }[]): void {
  const chance = createChance(55)
  const add = (
    position: number,
    key: string,
    state: string,
    name: ReturnType<typeof local>,
    color: string,
    reason?: string,
  ) => {
    const id = chance.id(start)
    load.add('ticket_status', {
      id,
      kind: 'incident',
      key,
      name,
      state,
      pending_reason: reason ?? null,
      color,
      position,
      created_at: new Date(start),
    })
    return id
  }
  const watched = add(
    0,
    'in-monitoring',
    'in_progress',
    local('In monitoring', 'Sous surveillance', 'In osservazione'),
    'blue',
  )
  const parts = add(
    1,
    'waiting-for-parts',
    'pending',
    local('Waiting for parts', 'En attente de pièces', 'In attesa di ricambi'),
    'orange',
    'vendor',
  )
  for (const { opening, steps } of tales) {
    if (opening.kind !== 'incident') continue
    let held: string | null = null
    for (const step of steps.toSorted((a, b) => a.at - b.at)) {
      if (!step.set?.state) continue
      const waits = step.set.pending_reason === 'vendor'
      const status: string | null = waits ? parts : step.verb === 'resume' && held === parts ? watched : null
      if (status !== held) step.set.status_id = status
      held = status
    }
  }
}
