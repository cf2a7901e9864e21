import { execFileSync } from 'node:child_process'

export type Running = { pid: number; parent: number; command: string }

function running(): Running[] {
  const lines = execFileSync('ps', ['-A', '-o', 'pid=,ppid=,stat=,args='], { encoding: 'utf8' })
    .trim()
    .split('\n')
  return lines.flatMap((line) => {
    const [pid, parent, state = '', ...command] = line.trim().split(/\s+/)
    // A zombie has ended; only its parent has not looked yet.
    return state.startsWith('Z')
      ? []
      : [{ pid: Number(pid), parent: Number(parent), command: command.join(' ') }]
  })
}

/** Everything below this process, children's children too. */
export function descendants(pid: number): Running[] {
  const all = running()
  const below = (parent: number): Running[] =>
    all.filter((one) => one.parent === parent).flatMap((one) => [one, ...below(one.pid)])
  return below(pid)
}

/** Those of these processes that still run. */
export function stillRunning(processes: Running[]): Running[] {
  const now = new Map(running().map((one) => [one.pid, one.command]))
  return processes.filter((one) => now.get(one.pid) === one.command)
}
