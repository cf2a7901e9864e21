/** Letters put in, left out, put in place of another, or changed with the one beside them. */
export function distanceOf(one: string, other: string): number {
  const [a, b] = [Array.from(one), Array.from(other)]
  let before: number[] = []
  let last = b.map((_, n) => n + 1)
  last.unshift(0)
  for (let i = 1; i <= a.length; i += 1) {
    const row = [i]
    for (let j = 1; j <= b.length; j += 1) {
      const same = a[i - 1] === b[j - 1]
      let least = Math.min(last[j]! + 1, row[j - 1]! + 1, last[j - 1]! + (same ? 0 : 1))
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        least = Math.min(least, before[j - 2]! + 1)
      row.push(least)
    }
    before = last
    last = row
  }
  return last.at(-1)!
}

/** How many slips lie between what was typed and a word, where that is few: one in a short word, two in a longer. */
export function slipsFrom(typed: string, word: string): number | undefined {
  const slips = distanceOf(typed, word)
  return slips > 0 && slips <= (typed.length < 6 ? 1 : 2) ? slips : undefined
}
