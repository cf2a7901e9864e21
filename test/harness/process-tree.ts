import { execFileSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'

export type Running = { pid: number; parent: number; command: string }

/** From /proc where there is one: slim Linux images have no `ps`. A zombie has ended; its parent only has not looked. */
function running(): Running[] {
  if (!existsSync('/proc/self/stat')) return fromPs()
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name))
  return pids.flatMap((pid) => {
    const stat = read(`/proc/${pid}/stat`)
    const [, state, parent] = /\) (\S) (\d+)/.exec(stat) ?? []
    if (state === undefined || state === 'Z') return []
    const command = read(`/proc/${pid}/cmdline`).replaceAll('\0', ' ').trim()
    return [{ pid: Number(pid), parent: Number(parent), command }]
  })
}

/** Empty when the process ended between the list and the look. */
function read(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return ''
  }
}

function fromPs(): Running[] {
  const lines = execFileSync('ps', ['-A', '-o', 'pid=,ppid=,stat=,args='], { encoding: 'utf8' })
    .trim()
    .split('\n')
  return lines.flatMap((line) => {
    const [pid, parent, state = '', ...command] = line.trim().split(/\s+/)
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
