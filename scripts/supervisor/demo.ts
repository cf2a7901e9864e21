import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { Client } from 'pg'
import type { DemoTask } from './load-demo.ts'

const loader = fileURLToPath(new URL('./load-demo.ts', import.meta.url))

/** Loads the demo organisation when nobody is in the record yet, so a first start shows a desk at work. */
export async function loadDemoIfEmpty(task: DemoTask): Promise<void> {
  if (await anyoneIn(task.ownerUrl)) return
  // Nearly all that it makes lives until it is sent: a large nursery spares the collector a third of the time.
  const child = spawn(process.execPath, ['--max-semi-space-size=128', loader], {
    stdio: ['pipe', 'inherit', 'inherit'],
  })
  child.stdin.end(JSON.stringify(task))
  const [code] = (await once(child, 'exit')) as [number | null]
  if (code !== 0) throw new Error('The demo organisation could not be loaded.')
}

async function anyoneIn(ownerUrl: string): Promise<boolean> {
  const client = new Client({ connectionString: ownerUrl })
  await client.connect()
  try {
    return (await client.query('SELECT FROM person LIMIT 1')).rowCount !== 0
  } finally {
    await client.end()
  }
}
