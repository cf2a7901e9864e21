import type { FoundForm } from '../file/index.ts'

/** What a file showed besides the names of its columns. */
export interface Shown {
  /** What the file is called. */
  name: string
  /** How its columns write their dates. */
  dates: FoundForm[]
  /** Its first rows. */
  sample: string[][]
  /** When it was read. */
  at: Date
}

/** Stand for nothing, whoever wrote the file. */
export const MISSING = `? - -- --- n/a na nan nat null none nil (empty) (vide) (vuoto) (leer) #n/a`
  .split(' ')
  .concat('not set')
const missing = new Set(MISSING)

/** What a column says in the first rows. */
export function wordsAt({ sample }: Shown, place: number): string[] {
  return sample.flatMap((cells) => {
    const word = (cells[place] ?? '').trim()
    return word === '' || missing.has(word.toLowerCase()) ? [] : [word]
  })
}

export const isNumber = (word: string) => /^[-+]?\d+(?:[.,]\d+)?$/.test(word)
