import type { SlaClock } from '#lib/api/types.ts'
import { m } from '#lib/paraglide/messages.js'

const words: Record<SlaClock['target'], () => string> = {
  response: m.sla_response,
  resolution: m.sla_resolution,
  update: m.sla_update,
  ola: m.sla_ola,
}

/** The name of a target; a team's own time with the team. Lines of the record hold `ola:` and an id. */
export function targetWord(target: unknown, team?: string | null): string {
  const name = String(target).split(':')[0] as SlaClock['target']
  if (name === 'ola' && team) return m.sla_ola_of({ team })
  return (words[name] ?? words.resolution)()
}
