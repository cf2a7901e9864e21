const DEPTH = 5

/** What each node depends on directly. */
export type Edges = Record<string, string[]>

export interface Upstream {
  node: string
  /** From the node that depends on it, to it. */
  path: string[]
}

/** What a node depends on, nearest first, each once, with the shortest path there, as far as `counts` says. */
export function upstreamOf(edges: Edges, root: string, counts: (node: string) => boolean): Upstream[] {
  const seen = new Set([root])
  const found: Upstream[] = []
  let level: Upstream[] = [{ node: root, path: [root] }]
  for (let depth = 0; depth < DEPTH && level.length > 0; depth++) {
    const next = new Map<string, Upstream>()
    for (const { node, path } of level)
      for (const above of edges[node] ?? [])
        if (!seen.has(above) && !next.has(above)) next.set(above, { node: above, path: [...path, above] })
    level = [...next.values()].toSorted((a, b) => (a.node < b.node ? -1 : 1))
    for (const one of level) {
      seen.add(one.node)
      if (counts(one.node)) found.push(one)
    }
  }
  return found
}
