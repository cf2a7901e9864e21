import { type Asked, type Handling, mostAlike, shareLonger } from './latest-start.ts'

/** A clock as a page shows it: counted up to now. */
export interface ClockNow {
  target: 'response' | 'resolution' | 'update' | 'ola'
  due_at: string | null
  /** Null for what another desk measured, which is due no more. */
  target_ms: number | null
  remaining_ms: number | null
}

export interface Next {
  target: 'response' | 'resolution' | 'update' | 'ola'
  due_at: string
  /** Working time left of the promise; below zero by how much it is over. */
  remaining_ms: number
  /** How long like tickets took, half of them; null: none are known. */
  typical_ms: number | null
  like: Pick<Handling, 'n' | 'kind' | 'priority' | 'service_id'> | null
  /** Working time until it has to be begun; below zero by how much that is past. */
  slack_ms: number
  /** What share of like tickets took longer than is left. */
  longer: number | null
  reason: string
}

/** Why a ticket stands where it stands: of its running clocks, the one that has to be begun first. Pure. */
export function explainNext(
  ticket: Asked,
  clocks: readonly ClockNow[],
  known: readonly (Handling & { target: string })[],
): Next | null {
  const running = clocks.flatMap(({ target, due_at, remaining_ms, target_ms }) => {
    if (!due_at || remaining_ms === null || target_ms === null) return []
    const like = mostAlike(known, ticket, target) ?? null
    const slack_ms = remaining_ms - Math.min(target_ms, like?.median_ms ?? 0)
    return [{ target, due_at, remaining_ms, slack_ms, like }]
  })
  const [first] = running.toSorted((a, b) => a.slack_ms - b.slack_ms)
  if (!first) return null
  const { like, ...clock } = first
  const next = {
    ...clock,
    typical_ms: like?.median_ms ?? null,
    like: like && { n: like.n, kind: like.kind, priority: like.priority, service_id: like.service_id },
    longer: like && shareLonger(like, Math.max(0, clock.remaining_ms)),
  }
  return { ...next, reason: inWords(next) }
}

const WORDS: Record<Next['target'], string> = {
  response: 'Response',
  resolution: 'Resolution',
  update: 'The next news',
  ola: 'The time of the team',
}

function inWords({ target, remaining_ms, typical_ms, like, slack_ms, longer }: Omit<Next, 'reason'>): string {
  const what = WORDS[target]
  if (remaining_ms <= 0) return `${what} is overdue by ${span(-remaining_ms)}.`
  const due = `${what} is due in ${span(remaining_ms)}`
  if (!like) return `${due}; no like tickets are known to compare with.`
  const took = `half of ${like.n} like tickets took longer than ${span(typical_ms!)}, ${Math.round(longer! * 100)} % longer than is left`
  const begin =
    slack_ms > 0 ? `begin within ${span(slack_ms)}` : `it should have been begun ${span(-slack_ms)} ago`
  return `${due}; ${took}: ${begin}.`
}

/** 95 minutes as “1 h 35 min”; working time has no days. */
function span(ms: number): string {
  const minutes = Math.max(1, Math.round(ms / 60_000))
  const hours = Math.floor(minutes / 60)
  if (hours === 0) return `${minutes} min`
  return hours >= 10 || minutes % 60 === 0
    ? `${Math.round(minutes / 60)} h`
    : `${hours} h ${minutes % 60} min`
}
