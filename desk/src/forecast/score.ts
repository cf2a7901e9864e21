/** Forecasts of like odds taken together; from these sums every score follows exactly. */
export interface Sums {
  /** 0: odds below 10 %; 9: of 90 % and above. */
  bin: number
  n: number
  odds: number
  squares: number
  broke: number
  /** Σ odds of those that broke. */
  hit: number
}

export interface Bin {
  from: number
  to: number
  n: number
  /** What was foretold on average, and what came of it. */
  foretold: number
  happened: number
  /** Where the true share lies with 95 % confidence (Wilson): wide where n is small. */
  low: number
  high: number
}

export interface Score {
  n: number
  /** Mean squared distance between odds and outcome: 0 is perfect, 0.25 is a coin. */
  brier: number | null
  base_rate: number | null
  /** The score of whoever always says the base rate. */
  reference: number | null
  /** How much better than that: 1 perfect, 0 no better, below 0 worse; null where all ended alike. */
  skill: number | null
  /** Too few to judge by. */
  few: boolean
  bins: Bin[]
}

const FEW = 30

/** How well the odds have held. Pure. */
export function scoreOf(sums: readonly Sums[]): Score {
  const n = total(sums, 'n')
  if (n === 0) return { n, brier: null, base_rate: null, reference: null, skill: null, few: true, bins: [] }
  const broke = total(sums, 'broke')
  // Rounding must never show a perfect score as a negative one.
  const brier = Math.max(0, (total(sums, 'squares') - 2 * total(sums, 'hit') + broke) / n)
  const base_rate = broke / n
  const reference = base_rate * (1 - base_rate)
  const bins = [...Map.groupBy(sums, ({ bin }) => bin)]
    .toSorted(([a], [b]) => a - b)
    .map(([bin, held]) => binOf(bin, held))
  return {
    n,
    brier,
    base_rate,
    reference,
    skill: reference > 0 ? 1 - brier / reference : null,
    few: n < FEW,
    bins,
  }
}

const total = (sums: readonly Sums[], of: Exclude<keyof Sums, 'bin'>): number =>
  sums.reduce((sum, one) => sum + one[of], 0)

function binOf(bin: number, held: readonly Sums[]): Bin {
  const n = total(held, 'n')
  const happened = total(held, 'broke') / n
  return {
    from: bin / 10,
    to: (bin + 1) / 10,
    n,
    foretold: total(held, 'odds') / n,
    happened,
    ...wilson(happened, n),
  }
}

function wilson(share: number, n: number): { low: number; high: number } {
  const z = 1.96
  const middle = (share + (z * z) / (2 * n)) / (1 + (z * z) / n)
  const half = (z / (1 + (z * z) / n)) * Math.sqrt((share * (1 - share)) / n + (z * z) / (4 * n * n))
  return { low: Math.max(0, middle - half), high: Math.min(1, middle + half) }
}
