import { readFileSync } from 'node:fs'
import { setTimeout as pause } from 'node:timers/promises'
import { descendants } from '../harness/process-tree.ts'

// Linux counts CPU time in hundredths of a second, whatever the machine.
const TICK_MS = 10

/** The process and everything below it. */
const family = (pid: number): number[] => [pid, ...descendants(pid).map((one) => one.pid)]

/** Megabytes of memory that these processes keep for themselves, shared pages divided among those who share them. */
export function memoryOf(pid: number): number {
  const kilobytes = family(pid).map((one) =>
    Number(/^Pss:\s+(\d+)/m.exec(read(one, 'smaps_rollup'))?.[1] ?? 0),
  )
  return Math.round(kilobytes.reduce((sum, one) => sum + one, 0) / 1024)
}

/** Percent of one core that the family takes over this time, children that ended meanwhile included. */
export async function cpuShare(pid: number, forMs: number): Promise<number> {
  const began = { at: performance.now(), cpu: cpuOf(pid) }
  await pause(forMs)
  return (100 * (cpuOf(pid) - began.cpu)) / (performance.now() - began.at)
}

/** Milliseconds of CPU that the family has used, children that it has seen end included. */
export function cpuOf(pid: number): number {
  const ticks = family(pid).flatMap((one) => {
    const fields = read(one, 'stat').split(') ').at(-1)!.split(' ')
    return fields.slice(11, 15).map(Number)
  })
  return ticks.reduce((sum, one) => sum + one, 0) * TICK_MS
}

/** In words, how many cores each family took while `work` went on, and this process, which makes the load. */
export async function coresDuring<T>(
  pids: Record<string, number>,
  work: () => Promise<T>,
): Promise<{ done: T; cores: string }> {
  // Without the children of this process, which are those that are measured.
  const own = () => (process.cpuUsage().user + process.cpuUsage().system) / 1_000
  const used = () => [...Object.values(pids).map(cpuOf), own()]
  const [before, began] = [used(), performance.now()]
  const done = await work()
  const [after, ms] = [used(), performance.now() - began]
  const cores = [...Object.keys(pids), 'generator']
    .map((name, n) => `${name} ${((after[n]! - before[n]!) / ms).toFixed(2)}`)
    .join(', ')
  return { done, cores }
}

/** Empty when the process has just ended. */
function read(pid: number, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8')
  } catch {
    return ''
  }
}
