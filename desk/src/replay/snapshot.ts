/** What was committed at an instant, as Postgres writes it: `xmin:xmax:running,…`. */
export interface Snapshot {
  min: number
  max: number
  running: Set<number>
}

export function snapshotOf(text: string): Snapshot {
  const [min = '0', max = '0', running = ''] = text.split(':')
  return { min: Number(min), max: Number(max), running: new Set(running.split(',').map(Number)) }
}

/** Whether it shows what this transaction did. */
export const shows = ({ min, max, running }: Snapshot, xid: number): boolean =>
  xid < min || (xid < max && !running.has(xid))
