/**
 * What somebody wrote and the desk does not have, held in their browser: by what it is of, and for whom, since others may
 * sit here later.
 */
export interface Unkept {
  body: string
  /** The version of the draft that it was written on. */
  version?: string
  at: string
}

const begins = 'draft '
const keyOf = (person: string, path: string) => `${begins}${person} ${path}`

/** Without a place to hold it, it is held nowhere: in private windows, and where the place is full. */
function tried<T>(work: (store: Storage) => T): T | undefined {
  try {
    return typeof localStorage === 'undefined' ? undefined : work(localStorage)
  } catch {
    return undefined
  }
}

export const holdHere = <T = Unkept>(person: string, path: string, unkept: T): void =>
  tried((store) => store.setItem(keyOf(person, path), JSON.stringify(unkept)))

export const heldHere = <T = Unkept>(person: string, path: string): T | undefined =>
  tried((store) => {
    const held = store.getItem(keyOf(person, path))
    return held === null ? undefined : (JSON.parse(held) as T)
  })

/** All that is held of paths that begin so, by path. */
export const allHeldHere = <T>(person: string, path: string): [path: string, held: T][] =>
  tried((store) => {
    const start = keyOf(person, path)
    return Object.keys(store)
      .filter((key) => key.startsWith(start))
      .map((key) => [key.slice(keyOf(person, '').length), JSON.parse(store.getItem(key)!) as T])
  }) ?? []

export const letGo = (person: string, path: string): void =>
  tried((store) => store.removeItem(keyOf(person, path)))

/** Whoever signs out leaves nothing here. */
export const letAllGo = (): void =>
  tried((store) => {
    for (const key of Object.keys(store)) if (key.startsWith(begins)) store.removeItem(key)
  })
