// What a desk with the demo in it holds in memory, all processes together: at rest, and while the storm of
// `npm run demo:storm` goes through it.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { startDesk } from '../harness/desk.ts'
import { tell } from './figures.ts'
import { memoryOf } from './processes.ts'

const LIMITS_MB = { rest: 1000, storm: 1300 }
const SETTLE_MS = 60_000
const LOOK_MS = 500

export async function benchMemory(): Promise<boolean> {
  const desk = await startDesk({ demo: true, deadline: 300_000 })
  try {
    const pid = desk.supervisor.pid!
    await pause(SETTLE_MS)
    const rest = tell({ figure: 'memory at rest', measured: memoryOf(pid), unit: 'MB', most: LIMITS_MB.rest })
    const most = await mostDuring(storm(desk.dataFolder), pid)
    return tell({ figure: 'memory in the storm', measured: most, unit: 'MB', most: LIMITS_MB.storm }) && rest
  } finally {
    await desk.remove()
  }
}

async function storm(dataFolder: string): Promise<void> {
  const script = fileURLToPath(new URL('../../scripts/storm.ts', import.meta.url))
  const child = spawn(process.execPath, [script, '--fast'], {
    stdio: 'ignore',
    env: { ...process.env, TOCSIN_DATA: dataFolder },
  })
  const [code] = (await once(child, 'exit')) as [number | null]
  if (code !== 0) throw new Error('The storm could not be sent.')
}

/** The largest sum seen until the storm is over and its incidents had their time to resolve. */
async function mostDuring(storming: Promise<void>, pid: number): Promise<number> {
  let over = false
  const settled = storming.then(() => pause(20_000)).finally(() => (over = true))
  let most = 0
  while (!over) {
    most = Math.max(most, memoryOf(pid))
    await pause(LOOK_MS)
  }
  await settled
  return most
}

if (import.meta.main) process.exitCode = (await benchMemory()) ? 0 : 1
