/** A message without what it quotes or shows as code: there nobody is named. The desk reads it so too. */
const ownWords = (text: string): string =>
  text
    .replace(/^(```|~~~)[^]*?(^\1|$(?![^]))/gm, '')
    .replace(/^\s{0,3}>.*$/gm, '')
    .replace(/`[^`\n]*`/g, '')

const most = 20

/** What to look people up by: the one or two words after each `@`. */
export function namesAsked(text: string): string[] {
  const words = [
    ...ownWords(text).matchAll(/(?<![\p{L}\p{N}_])@([\p{L}\p{N}'’.-]+)(?: ([\p{L}\p{N}'’.-]+))?/gu),
  ]
  const asked = words.flatMap(([, first, second]) => [
    ...(second ? [`${first} ${second.replace(/[.,]+$/, '')}`] : []),
    first!.replace(/[.,]+$/, ''),
  ])
  return [...new Set(asked.filter((word) => word.length > 1))].slice(0, most)
}

/** Whether the text's own words name this person: `@` and the whole name, and no longer one. */
export function namesPerson(text: string, name: string): boolean {
  const escaped = name.replace(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`)
  return new RegExp(String.raw`(?<![\p{L}\p{N}_])@${escaped}(?![\p{L}\p{N}_])`, 'u').test(ownWords(text))
}
