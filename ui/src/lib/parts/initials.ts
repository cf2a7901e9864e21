/** One or two letters for a face: first of the first and of the last word. */
export function initialsOf(name: string): string {
  const words = name.split(/\s+/).filter(Boolean)
  const letters = [words[0], words.length > 1 ? words.at(-1) : undefined]
  return letters
    .map((word) => (word ? word.slice(0, 1) : ''))
    .join('')
    .toUpperCase()
}

/** A hue (0–359) that stays with the person. */
export function huesOf(id: string): number {
  let sum = 7
  for (const char of id) sum = (sum * 31 + (char.codePointAt(0) ?? 0)) % 360
  return sum
}
