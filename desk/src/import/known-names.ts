import { type Meaning, type NameKind, type Names, noNames } from './names.ts'

/**
 * What the names of one import mean, as far as this process has committed it: decided once an import, and asked of the
 * database once a name.
 */
export class KnownNames {
  readonly #asked = new Set<string>()
  readonly #names: Names = noNames()

  /** Those of which nothing is known here. */
  missing(used: Record<NameKind, Set<string>>): Record<NameKind, Set<string>> {
    return Object.fromEntries(
      Object.entries(used).map(([kind, values]) => [
        kind,
        new Set([...values].filter((value) => !this.#asked.has(`${kind} ${value}`))),
      ]),
    ) as Record<NameKind, Set<string>>
  }

  /** What is known, and what a batch has just learned. */
  with(learned: Names): Meaning {
    return (kind, name) =>
      name === null ? null : (learned[kind].get(name) ?? this.#names[kind].get(name) ?? null)
  }

  /** To be called once what was learned is committed. */
  add(asked: Record<NameKind, Set<string>>, learned: Names): void {
    for (const [kind, values] of Object.entries(asked))
      for (const value of values) this.#asked.add(`${kind} ${value}`)
    for (const [kind, meant] of Object.entries(learned) as [NameKind, Map<string, string>][])
      for (const [value, id] of meant) this.#names[kind].set(value, id)
  }
}

const MOST_IMPORTS = 4
const known = new Map<string, KnownNames>()

/** Of each dry run and of the import itself apart: with each the names of the file are decided anew. */
export function knownNames(id: string, begun: Date | null): KnownNames {
  const key = `${id} ${begun?.getTime()}`
  const held = known.get(key) ?? new KnownNames()
  known.delete(key)
  known.set(key, held)
  for (const old of [...known.keys()].slice(0, -MOST_IMPORTS)) known.delete(old)
  return held
}
