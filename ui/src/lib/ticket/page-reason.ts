import { m } from '#lib/paraglide/messages.js'
import { targetWord } from './target-word.ts'

interface Path {
  kind: 'schedule' | 'team' | 'person'
  name?: string
  rotation?: string | { name: string } | null
  override_id?: string | null
  role?: string
}
interface Why {
  policy?: { name: string; version: number }
  round?: number
  step?: number
  paths?: Path[]
  sla?: { target: string; percent: number; policy: { name: string } }
  by_hand?: string | null
}

/** Why a page went to this person, in sentences made from the data that was kept with the decision. */
export function pageReason(given: unknown): string[] {
  const why = (given ?? {}) as Why
  if ('by_hand' in why) return [m.page_by_hand()]
  const place = why.policy
    ? [m.page_step({ step: (why.step ?? 0) + 1, policy: why.policy.name, version: why.policy.version })]
    : []
  const round = why.round ? [m.page_round({ round: why.round + 1 })] : []
  const sla = why.sla
    ? [
        m.page_sla({
          policy: why.sla.policy.name,
          target: targetWord(why.sla.target),
          percent: why.sla.percent,
        }),
      ]
    : []
  return [...sla, ...place, ...round, ...(why.paths ?? []).map(pathWords)]
}

function pathWords(path: Path): string {
  const name = path.name ?? ''
  if (path.kind === 'team') return m.page_team({ name })
  if (path.kind === 'person') return m.page_person()
  if (path.override_id) return m.page_override({ name })
  const rotation = typeof path.rotation === 'string' ? path.rotation : path.rotation?.name
  return rotation ? m.page_rotation({ name, rotation }) : m.page_schedule({ name })
}
