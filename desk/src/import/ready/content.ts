import { plainName } from './headers.ts'
import { isNumber, type Shown, wordsAt } from './shown.ts'
import { PRIORITIES, STATES } from './words.ts'

/** Dates of something else than a ticket's opening. */
const OTHER_DATE =
  /\b(?:due|dueby|purchase|birth|target|planned|scheduled|expir\w*|deadline|echeance|scadenza|faellig|fallig)\b/
const NUMBER = /^[\p{L}\p{N}#._-]{0,39}\d[\p{L}\p{N}#._-]{0,39}$/u
const SOME = 0.8
/** What a title is made of, where there is none. */
const ABOUT = ['description', 'category', 'symptom', 'service', 'item']

/**
 * What columns are that no name tells of, by what stands in their first rows: for a file without a header, or in a
 * language of which nothing is known here. Only what is missing is looked for, and only among columns nobody took.
 */
export function byContent(
  columns: string[],
  found: ReadonlyMap<string, number>,
  shown: Shown,
): Map<string, number> {
  const taken = new Set(found.values())
  const guessed = new Map<string, number>()
  const look = (field: string, places: (free: number[]) => number | undefined) => {
    if (found.has(field)) return
    const free = [...columns.keys()].filter((place) => !taken.has(place))
    const place = places(free)
    if (place === undefined) return
    guessed.set(field, place)
    taken.add(place)
  }
  const words = columns.map((_, place) => wordsAt(shown, place))
  const dated = new Set(shown.dates.map(({ column }) => column))
  const mostly = (place: number, are: (word: string) => boolean) =>
    words[place]!.length > 0 && words[place]!.filter(are).length >= words[place]!.length * SOME
  const known = (values: object) => (place: number) =>
    mostly(place, (word) => !isNumber(word) && word.toLowerCase() in values)

  if (!found.has('at'))
    look('created_at', (free) =>
      free.find((place) => dated.has(place) && !OTHER_DATE.test(plainName(columns[place]!))),
    )
  look('number', (free) =>
    free.find((place) => !dated.has(place) && areNumbers(words[place]!, shown.sample.length, place === 0)),
  )
  look('state', (free) => free.find(known(STATES)))
  look('priority', (free) => free.find(known(PRIORITIES)))
  look('requester', (free) => free.find((place) => mostly(place, (word) => /^\S+@\S+\.\S+$/.test(word))))
  if (!ABOUT.some((field) => found.has(field)))
    look('title', (free) => {
      const longest = free.filter(
        (place) => !dated.has(place) && mostly(place, (word) => /\p{L}{3}/u.test(word)),
      )
      return longest.toSorted((a, b) => lengthOf(words[b]!) - lengthOf(words[a]!))[0]
    })
  return guessed
}

/** Every row has one of its own, short and with a digit; beyond the first column with a letter too, for much is counted. */
const areNumbers = (words: string[], rows: number, first: boolean) =>
  words.length === rows &&
  new Set(words).size === rows &&
  words.every((word) => NUMBER.test(word) && (first || /\p{L}/u.test(word)))

const lengthOf = (words: string[]) => words.reduce((sum, word) => sum + word.length, 0)
