/** The dice of the demo: everything that is invented comes from one seed, so two loads tell one story. */
export interface Chance {
  /** 0 ≤ x < 1 */
  roll: () => number
  /** Whole, both ends included. */
  between: (from: number, to: number) => number
  happens: (probability: number) => boolean
  pick: <T>(list: readonly T[]) => T
  /** Picks by weight; the weights need no sum. */
  weigh: <T>(choices: readonly (readonly [T, number])[]) => T
  /** Most are short, few are very long, as work is. `spread` 0.5 is narrow, 1.2 is wide. */
  around: (median: number, spread: number) => number
  /** A UUIDv7 minted at this instant. */
  id: (at: number) => string
}

export function createChance(seed: number): Chance {
  let state = seed >>> 0
  // mulberry32: small, fast, and even enough to invent a company with.
  const roll = (): number => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
  const hex = (digits: number): string =>
    Math.floor(roll() * 16 ** digits)
      .toString(16)
      .padStart(digits, '0')
  return {
    roll,
    between: (from, to) => from + Math.floor(roll() * (to - from + 1)),
    happens: (probability) => roll() < probability,
    pick: (list) => list[Math.floor(roll() * list.length)]!,
    weigh: (choices) => {
      let left = roll() * choices.reduce((sum, [, weight]) => sum + weight, 0)
      for (const [choice, weight] of choices) if ((left -= weight) < 0) return choice
      return choices.at(-1)![0]
    },
    around: (median, spread) => {
      const normal = Math.sqrt(-2 * Math.log(1 - roll())) * Math.cos(2 * Math.PI * roll())
      return median * Math.exp(normal * spread)
    },
    id: (at) => {
      const stamp = Math.floor(at).toString(16).padStart(12, '0')
      const variant = (8 + Math.floor(roll() * 4)).toString(16)
      return `${stamp.slice(0, 8)}-${stamp.slice(8)}-7${hex(3)}-${variant}${hex(3)}-${hex(6)}${hex(6)}`
    },
  }
}
