import { type ChildProcess, spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import type { Logger } from '@tocsin/db/process/log'
import { present } from './print.ts'
import type { Process } from './processes.ts'

const firstDelayMs = 100
const longestDelayMs = 10_000
// One that ran this long had started well: its next failure is a new one.
const healthyMs = 15_000

/** Keeps one process running, started again with growing pauses when it dies, until stopped. */
export function keepRunning(plan: Process, log: Logger): { stop: () => Promise<void> } {
  let stopping = false
  let delay = firstDelayMs
  let pause: NodeJS.Timeout | undefined
  let child: ChildProcess

  const start = () => {
    const started = performance.now()
    child = launch(plan)
    child.once('exit', (code, signal) => {
      if (stopping) return
      if (performance.now() - started > healthyMs) delay = firstDelayMs
      log.warn({ process: plan.name, code, signal, restartInMs: delay }, 'process died')
      pause = setTimeout(start, delay)
      delay = Math.min(delay * 2, longestDelayMs)
    })
  }
  start()
  return {
    stop: async () => {
      stopping = true
      clearTimeout(pause)
      await end(child)
    },
  }
}

function launch({ name, main, flags, env }: Process): ChildProcess {
  const watch = new URL('./watch-parent.ts', import.meta.url)
  watch.searchParams.set('parent', String(process.pid))
  // Detached: a Ctrl-C in the terminal is for us, who stop everything in order.
  const child = spawn(process.execPath, [...flags, '--import', watch.href, main], {
    env,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const print = (line: string) => process.stdout.write(present(name, line, process.stdout.isTTY))
  createInterface({ input: child.stdout }).on('line', print)
  createInterface({ input: child.stderr }).on('line', print)
  return child
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const gone = new Promise((resolve) => child.once('exit', resolve))
  child.kill('SIGTERM')
  const force = setTimeout(() => child.kill('SIGKILL'), 10_000)
  await gone
  clearTimeout(force)
}
