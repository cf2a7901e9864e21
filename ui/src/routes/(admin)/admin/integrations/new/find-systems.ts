export interface SystemChoice {
  system: string
  name: string
}

const plain = (text: string) =>
  text
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^\p{Letter}\p{Number}]/gu, '')

/** The systems whose name or key holds these letters, however they are spaced, by name. */
export function findSystems<S extends SystemChoice>(
  systems: readonly S[],
  words: string,
  locale: string,
): S[] {
  const wanted = plain(words)
  return systems
    .filter(({ system, name }) => plain(name).includes(wanted) || plain(system).includes(wanted))
    .toSorted((a, b) => a.name.localeCompare(b.name, locale))
}
