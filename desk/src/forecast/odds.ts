/** Rises when the odds are computed otherwise: forecasts of two models are never scored together. */
export const MODEL = 1
/** The past is kept in steps of this share of the target. */
export const STEPS = 20
/** A group this large speaks for itself; a smaller one is shown only where there is no larger. */
const ENOUGH = 20
/** How many of its own tickets it takes until a narrower group counts as much as the wider: of 5 to 80 the best in the demo's history. */
const WEIGHT = 20

export interface Asked {
  target: string
  kind: string
  priority: string
  team_id: string | null
  service_id: string | null
}

/** What became of like clocks: null stands for any. */
export interface Past {
  target: string
  kind: string
  priority: string | null
  team_id: string | null
  service_id: string | null
  /** How many broke their promise, in the end. */
  broke: number
  /** How many were still open at each step of the target; those that broke are among them at every one. */
  survived: readonly number[]
}

/** Like tickets that were still open with as much of the target used, and how many of them broke it. */
export interface Group {
  kind: string
  priority: string | null
  team_id: string | null
  service_id: string | null
  n: number
  broke: number
  /** What the odds are with this group and those before it. */
  odds: number
}

export interface Odds {
  /** Null: no like ticket was still open at this point. */
  odds: number | null
  /** From the widest to the narrowest, as far as there are any. */
  groups: Group[]
}

export type PastBook = ReadonlyMap<string, Past>
type Like = Pick<Past, 'target' | 'kind' | 'priority' | 'team_id' | 'service_id'>
const keyOf = (like: Like) => [like.target, like.kind, like.priority, like.team_id, like.service_id].join('|')

export const bookOf = (past: readonly Past[]): PastBook => new Map(past.map((one) => [keyOf(one), one]))

/** The groups that a ticket belongs to, the widest first; what it has none of ends them. */
export function likes({ target, kind, priority, team_id, service_id }: Asked): Like[] {
  const any: Like = { target, kind, priority: null, team_id: null, service_id: null }
  const groups = [any, { ...any, priority }]
  if (team_id !== null) groups.push({ ...any, priority, team_id })
  if (team_id !== null && service_id !== null) groups.push({ ...any, priority, team_id, service_id })
  return groups
}

/** The last step that lies behind, so that whoever is counted was open at least as long. */
export const stepOf = (used: number): number =>
  Math.min(STEPS - 1, Math.max(0, Math.floor(used * STEPS + 1e-9)))

/**
 * The odds that a running clock breaks its promise: of like tickets that were still open when this share of the
 * target was used, the share that broke it. Each group corrects the wider one by its weight, so that few tickets say
 * little; the more is used, the higher the odds. Pure.
 */
export function oddsOf(past: PastBook, asked: Asked, used: number): Odds {
  const step = stepOf(used)
  let odds: number | null = null
  const groups: Group[] = []
  for (const like of likes(asked)) {
    const known = past.get(keyOf(like))
    const n = known?.survived[step]
    if (!known || !n) continue
    const { broke } = known
    odds = odds === null ? (broke + 0.5) / (n + 1) : (broke + WEIGHT * odds) / (n + WEIGHT)
    const { kind, priority, team_id, service_id } = like
    groups.push({ kind, priority, team_id, service_id, n, broke, odds })
  }
  return { odds, groups }
}

/** Whom the odds are told by: the narrowest group that is large enough, else the widest. */
export const toldBy = (groups: readonly Group[]): Group | null =>
  groups.findLast(({ n }) => n >= ENOUGH) ?? groups[0] ?? null
