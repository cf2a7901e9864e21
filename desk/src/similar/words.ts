/** A word of a title, and in what share of all tickets it stands, as far as that is known. */
export interface Heard {
  word: string
  share: number
}

export interface Weighed {
  word: string
  /** The rarer it is, the more it says that two tickets have it in common. */
  weight: number
}

const MOST = 12
/** What every twentieth ticket says tells nothing of any. */
const COMMON = 0.05
/** As many tickets as are looked up by their words, whatever the size of the desk. */
const MOST_LOOKED_UP = 1500

/**
 * Which words of a title make another like it, and which of these are rare enough to be looked up among all tickets;
 * the others are met among the latest.
 */
export function weighWords(heard: readonly Heard[], tickets: number): { words: Weighed[]; rare: string[] } {
  const telling = heard
    .filter(({ word, share }) => share <= COMMON && word.length > 2)
    .toSorted((a, b) => a.share - b.share || b.word.length - a.word.length)
    .slice(0, MOST)
  let left = MOST_LOOKED_UP
  const rare = telling.flatMap(({ word, share }) => {
    const count = share * tickets
    if (count > left) return []
    left -= count
    return [word]
  })
  // A word of a code or a number alone is met by chance more than one of a language.
  const words = telling.map(({ word, share }) => ({
    word,
    weight: Math.min(4, Math.max(0.5, -Math.log10(share + 0.0001))) * (/^\d+$/.test(word) ? 0.5 : 1),
  }))
  return { words, rare }
}
