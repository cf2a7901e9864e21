/** What stands before the caret and asks for a completion. */
export interface Token {
  sign: '/' | '@'
  /** What was typed after the sign. */
  words: string
  /** Where the sign stands. */
  at: number
}

// A reply is asked for at a line's start alone: elsewhere a slash is a slash. A name may have two words.
const prepared = /(?:^|\n)(?<sign>\/)(?<words>[^\n]{0,60})$/
const person = /(?:^|[\s(])(?<sign>@)(?<words>[\p{L}\p{N}'’.-]{0,40}(?: [\p{L}\p{N}'’.-]{0,40})?)$/u

export function tokenAt(text: string, caret: number, signs: readonly Token['sign'][]): Token | undefined {
  const before = text.slice(0, caret)
  for (const sign of signs) {
    const found = (sign === '/' ? prepared : person).exec(before)
    const words = found?.groups?.words
    if (words !== undefined) return { sign, words, at: caret - words.length - 1 }
  }
  return undefined
}

/** The text with the token's place taken by what was chosen, and where the caret stands then. */
export function completed(
  text: string,
  { at, words }: Token,
  chosen: string,
): { text: string; caret: number } {
  const rest = text.slice(at + 1 + words.length)
  return { text: text.slice(0, at) + chosen + rest, caret: at + chosen.length }
}
