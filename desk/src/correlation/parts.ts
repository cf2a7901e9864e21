import type { Beside } from './ruleset.ts'
import { type Edges, upstreamOf } from './upstream.ts'

/** An open ticket on something of the service map. */
export interface Near {
  id: string
  kind: string
  node: string
  integration: string
  openedAt: number
  /** It is about a configuration item, not a service alone. */
  onCi: boolean
}

/** A ticket that turns out to be part of another. */
export interface Part {
  /** The ticket that was looked at: one of the two. */
  ticket: string
  from: string
  into: string
  evidence: { beside: 'service_map' | 'same_ci'; path: string[] }
}

const MINUTE = 60_000

/**
 * What belongs together, among tickets of which those in `due` have just opened: a symptom goes into the nearest cause,
 * of two systems that saw one item the later goes into the earlier. Each goes into one other at most, and where that
 * is part of a third, into the third.
 */
export function findParts(
  due: Set<string>,
  near: Near[],
  edges: Edges,
  { service_map, same_ci }: Pick<(typeof Beside)['_output'], 'service_map' | 'same_ci'>,
): Part[] {
  const earliest = near.toSorted((a, b) => a.openedAt - b.openedAt || (a.id < b.id ? -1 : 1))
  const onNode = Map.groupBy(earliest, ({ node }) => node)
  const causes = (node: string) => onNode.get(node)?.some(({ id }) => due.has(id)) ?? false
  const gone = new Set<string>()
  const found: Part[] = []
  const take = (part: Part) => {
    gone.add(part.from)
    found.push(part)
  }
  for (const symptom of service_map.on ? earliest : []) {
    const cause = causeOf(symptom)
    if (cause) take(cause)
  }
  for (const late of same_ci.on ? earliest : []) {
    const twin = late.onCi && due.has(late.id) && !gone.has(late.id) ? twinOf(late) : undefined
    if (twin)
      take({
        ticket: late.id,
        from: late.id,
        into: twin.id,
        evidence: { beside: 'same_ci', path: [late.node] },
      })
  }
  const next = new Map(found.map((part) => [part.from, part]))
  return found.map((part) => ({ ...part, ...throughTo(part, next) }))

  function causeOf(symptom: Near): Part | undefined {
    for (const { node, path } of upstreamOf(edges, symptom.node, causes)) {
      const cause = onNode
        .get(node)!
        .find(
          (one) =>
            due.has(one.id) &&
            !gone.has(one.id) &&
            one.kind === symptom.kind &&
            symptom.openedAt >= one.openedAt - service_map.window_minutes * MINUTE,
        )
      if (cause)
        return {
          ticket: cause.id,
          from: symptom.id,
          into: cause.id,
          evidence: { beside: 'service_map', path },
        }
    }
    return undefined
  }

  function twinOf({ id, node, kind, integration, openedAt }: Near): Near | undefined {
    const [twin] = onNode.get(node)!
    const isTwin =
      twin!.id !== id &&
      !gone.has(twin!.id) &&
      twin!.kind === kind &&
      twin!.integration !== integration &&
      openedAt - twin!.openedAt <= same_ci.window_minutes * MINUTE
    return isTwin ? twin : undefined
  }
}

/** Where a part comes in the end, and the whole path there. */
function throughTo({ into, evidence }: Part, next: Map<string, Part>): Pick<Part, 'into' | 'evidence'> {
  const further = next.get(into)
  if (!further) return { into, evidence }
  const rest = throughTo(further, next)
  return {
    into: rest.into,
    evidence: { ...evidence, path: [...evidence.path, ...rest.evidence.path.slice(1)] },
  }
}
