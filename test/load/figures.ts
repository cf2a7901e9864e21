/** One figure of a bench, and the limit that it has to keep. */
export interface Figure {
  figure: string
  measured: number
  unit: string
  /** The limit; `least` where more is better. */
  most?: number
  least?: number
}

/** Prints the figure, tells it to `npm run bench`, whose last table shows them all, and answers whether it kept its limit. */
export function tell(figure: Figure, detail = ''): boolean {
  const { measured, unit, most = Infinity, least = -Infinity } = figure
  process.stdout.write(
    `${figure.figure}: ${measured} ${unit} (limit ${limitOf(figure)})${detail && `; ${detail}`}\n`,
  )
  process.send?.(figure)
  return measured <= most && measured >= least
}

export const limitOf = ({ most, least, unit }: Figure): string =>
  most === undefined ? `≥ ${least} ${unit}` : `≤ ${most} ${unit}`

export const percentile = (values: number[], share: number): number =>
  values.toSorted((a, b) => a - b)[Math.ceil(values.length * share) - 1]!
