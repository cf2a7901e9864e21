/** A sender's vocabulary: what a word of its means to us, however it is cased; undefined for any other word. */
export function vocabulary<T>(words: Record<string, T>): (word: string | null) => T | undefined {
  const known = new Map(Object.entries(words))
  return (word) => (word === null ? undefined : known.get(word.trim().toLowerCase()))
}
