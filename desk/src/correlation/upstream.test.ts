import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Edges, upstreamOf } from './upstream.ts'

/** All paths of up to five steps that meet no node twice; the shortest to each node. */
function slowly(edges: Edges, root: string): Map<string, number> {
  const shortest = new Map<string, number>()
  const walk = (path: string[]) => {
    for (const above of edges[path.at(-1)!] ?? []) {
      if (path.includes(above)) continue
      shortest.set(above, Math.min(shortest.get(above) ?? Infinity, path.length))
      if (path.length < 5) walk([...path, above])
    }
  }
  walk([root])
  return shortest
}

describe('what a node depends on', () => {
  it('is found nearest first, with the shortest path, through forks and circles', () => {
    const edges = { a: ['b', 'c'], b: ['d'], c: ['a', 'd'], d: ['e'], e: ['f'], f: ['g'], g: ['h'] }
    expect(upstreamOf(edges, 'a', () => true)).toEqual([
      { node: 'b', path: ['a', 'b'] },
      { node: 'c', path: ['a', 'c'] },
      { node: 'd', path: ['a', 'b', 'd'] },
      { node: 'e', path: ['a', 'b', 'd', 'e'] },
      { node: 'f', path: ['a', 'b', 'd', 'e', 'f'] },
      { node: 'g', path: ['a', 'b', 'd', 'e', 'f', 'g'] },
    ])
  })

  it('goes through what does not count, and is what all paths together say', () => {
    const node = fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f', 'g', 'h')
    fc.assert(
      fc.property(
        fc.dictionary(node, fc.uniqueArray(node, { maxLength: 3 })),
        node,
        node,
        (edges, root, odd) => {
          const all = slowly(edges, root)
          const found = upstreamOf(edges, root, (one) => one !== odd)
          expect(new Map(found.map((one) => [one.node, one.path.length - 1]))).toEqual(
            new Map([...all].filter(([one]) => one !== odd)),
          )
          for (const { path } of found)
            for (const [place, step] of path.slice(1).entries()) expect(edges[path[place]!]).toContain(step)
          const lengths = found.map(({ path }) => path.length)
          expect(lengths).toEqual(lengths.toSorted((a, b) => a - b))
        },
      ),
    )
  })
})
