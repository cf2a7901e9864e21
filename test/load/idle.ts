// What a desk at rest costs: CPU of all processes with the demo loaded, from a minute after its start on:
// `node test/load/idle.ts [seconds]`.
import { setTimeout as pause } from 'node:timers/promises'
import { startDesk } from '../harness/desk.ts'
import { tell } from './figures.ts'
import { cpuShare } from './processes.ts'

const LIMIT_PERCENT = 3
const SETTLE_MS = 60_000

export async function benchIdle(seconds = 60): Promise<boolean> {
  const desk = await startDesk({ demo: true, deadline: 300_000 })
  try {
    await pause(SETTLE_MS)
    const share = await cpuShare(desk.supervisor.pid!, seconds * 1000)
    const measured = Number(share.toFixed(1))
    return tell(
      { figure: 'CPU at rest', measured, unit: '% of a core', most: LIMIT_PERCENT },
      `over ${seconds} s`,
    )
  } finally {
    await desk.remove()
  }
}

if (import.meta.main) process.exitCode = (await benchIdle(Number(process.argv[2]) || undefined)) ? 0 : 1
