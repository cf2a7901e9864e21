import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { connect } from '@tocsin/db'
import { createLog } from '@tocsin/db/process'
import { runSweeps } from '@tocsin/desk/engine'
import { Registry } from 'prom-client'

export interface SweepProcess {
  /** Resolves once it sweeps. */
  ready: Promise<unknown>
  /** Stops it in the middle of whatever it does, and lets it go on. */
  freeze: (frozen: boolean) => void
  /** kill -9; resolves when it is gone. */
  kill: () => Promise<void>
}

/** The sweeps as a process of their own, which can be killed. */
export function spawnSweeps(env: Record<string, string>): SweepProcess {
  const child = spawn(process.execPath, [fileURLToPath(import.meta.url)], {
    env: { PATH: process.env.PATH, ...env },
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  })
  const gone = once(child, 'exit')
  return {
    ready: Promise.race([once(child, 'message'), gone]),
    freeze: (frozen) => {
      child.kill(frozen ? 'SIGSTOP' : 'SIGCONT')
    },
    kill: async () => {
      child.kill('SIGKILL')
      await gone
    },
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { DATABASE_URL = '', SMTP_URL, TOCSIN_SECRET = '', TOCSIN_PUBLIC_URL = '' } = process.env
  process.on('disconnect', () => process.exit(0)) // the test is gone
  process.send?.('ready')
  await runSweeps({
    db: connect(DATABASE_URL, { max: 6 }),
    databaseUrl: DATABASE_URL,
    log: createLog('sweeps', 'silent'),
    registry: new Registry(),
    config: {
      publicUrl: TOCSIN_PUBLIC_URL,
      secret: TOCSIN_SECRET,
      smtpUrl: SMTP_URL,
      webhookAllow: ['127.0.0.0/8'],
    },
    signal: new AbortController().signal,
  })
}
