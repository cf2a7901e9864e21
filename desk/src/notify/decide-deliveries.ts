import { pace, type Told } from './pace.ts'
import type { ContactKind } from './send.ts'

/** A delivery whose time has come. */
export interface DueDelivery {
  id: string
  methodId: string
  kind: ContactKind
  /** Set once it left, or should have: then it leaves again with the same others, in the same order. */
  bundleId: string | null
  bundlePlace: number | null
  pageState: 'open' | 'acknowledged' | 'ended'
  dueAt: Date
  /** The service that it is about, or what stands for one. */
  about: string
}

export interface Decided {
  leaves: { id: string; bundleId: string; place: number }[]
  waits: { id: string; until: Date; why: { until: Date; told_at: Date | null } }[]
  /** Deliveries whose page has ended. */
  ended: string[]
  told: { methodId: string; early: boolean; about: string[] }[]
}

// What one message can name and still be read by a mail program.
const MOST_IN_ONE = 1_000

/**
 * What becomes of deliveries that are due: one message for each contact method, at the pace of `nextTurn`; what
 * did not arrive leaves again as it was; what only stands in the page wakes nobody and never waits.
 */
export function decideDeliveries(due: DueDelivery[], told: Map<string, Told>, now: Date): Decided {
  const decided: Decided = { leaves: [], waits: [], ended: [], told: [] }
  for (const [methodId, all] of Map.groupBy(due, (delivery) => delivery.methodId)) {
    const open = all.filter(({ pageState }) => pageState === 'open')
    decided.ended.push(...all.filter(({ pageState }) => pageState !== 'open').map(({ id }) => id))
    const again = open.filter(({ bundleId }) => bundleId !== null)
    decided.leaves.push(
      ...again.map(({ id, bundleId, bundlePlace }) => ({ id, bundleId: bundleId!, place: bundlePlace ?? 0 })),
    )
    const fresh = open.filter(({ bundleId }) => bundleId === null)
    const spoken = told.get(methodId)!
    const first = fresh[0]
    const paced =
      !first || first.kind === 'app'
        ? { leaves: fresh, early: false, waits: [], until: now }
        : // A message that is said again now is this minute's.
          pace(fresh, again.length > 0 ? { ...spoken, at: now } : spoken, now, MOST_IN_ONE)
    const bundleId = paced.leaves[0]?.id
    decided.leaves.push(...paced.leaves.map(({ id }, place) => ({ id, bundleId: bundleId!, place })))
    decided.waits.push(
      ...paced.waits
        .filter(({ dueAt }) => dueAt.getTime() !== paced.until.getTime())
        .map(({ id }) => ({
          id,
          until: paced.until,
          why: { until: paced.until, told_at: paced.leaves.length > 0 ? now : spoken.at },
        })),
    )
    const leaving = [...again, ...paced.leaves]
    if (leaving.length > 0 && leaving[0]!.kind !== 'app')
      decided.told.push({
        methodId,
        early: paced.early,
        about: [...new Set(leaving.map(({ about }) => about))],
      })
  }
  return decided
}
