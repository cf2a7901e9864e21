/** One figure of a bench, and the limit that it has to keep. */
export interface Figure {
  figure: string
  measured: number
  unit: string
  /** Its limit; `least` where more is better, neither where there is none. */
  most?: number
  least?: number
}

/** Prints the figure, tells it to `npm run bench`, whose last table shows them all, and answers whether it kept its limit. */
export function tell(figure: Figure, detail = ''): boolean {
  const limit = limitOf(figure)
  const beside = [limit && `limit ${limit}`, detail].filter(Boolean).join('; ')
  process.stdout.write(`${figure.figure}: ${figure.measured} ${figure.unit}${beside && ` (${beside})`}\n`)
  process.send?.(figure)
  return kept(figure)
}

export const kept = ({ measured, most = Infinity, least = -Infinity }: Figure): boolean =>
  measured <= most && measured >= least

export function limitOf({ most, least, unit }: Figure): string {
  if (most !== undefined) return `≤ ${most} ${unit}`
  return least === undefined ? '' : `≥ ${least} ${unit}`
}

export const percentile = (values: number[], share: number): number =>
  values.toSorted((a, b) => a - b)[Math.ceil(values.length * share) - 1]!
