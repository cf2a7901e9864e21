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

/** Empty when the process has just ended. */
function read(pid: number, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8')
  } catch {
    return ''
  }
}
