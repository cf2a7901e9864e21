// How fast the history of another desk comes in: the real log of ServiceNow, by `npm run import` into a whole running
// desk with the demo in it, whose engine, pipe and pages are at work beside. `npm run bench import`, or on its own:
// `node test/load/import.ts [file]`.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { loadavg } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { startDesk } from '../harness/desk.ts'
import { tell } from './figures.ts'
import { cpuOf } from './processes.ts'

const LEAST = 5_000
const fixtures = process.env.TOCSIN_FIXTURES ?? '../shared'
const LOG = join(fixtures, 'datasets/uci_incident_event_log/incident_event_log.csv.gz')

/** Prints the figures and answers whether the limit was kept. */
export async function benchImport(file = LOG): Promise<boolean> {
  if (!existsSync(file)) {
    console.log(`There is no ${file}: import was not measured.`)
    return false
  }
  const desk = await startDesk({ demo: true, deadline: 300_000 })
  try {
    const before = cpuOf(desk.supervisor.pid!)
    const said = await bringIn(file, desk.dataFolder)
    const cpu = cpuOf(desk.supervisor.pid!) - before
    const found = /^imported: (\d+) tickets in ([\d.]+) s \((\d+) activities\/s\)$/m.exec(said)
    if (!found) throw new Error(`The import did not say how it went:\n${said}`)
    const [, tickets, seconds, rate] = found
    return tell(
      { figure: 'import', measured: Number(rate), unit: 'activities/s', least: LEAST },
      `${tickets} tickets in ${seconds} s, ${(cpu / 1000).toFixed(1)} s of CPU in the desk's own processes; load average ${loadavg()[0]!.toFixed(1)}`,
    )
  } finally {
    await desk.remove()
  }
}

async function bringIn(file: string, dataFolder: string): Promise<string> {
  const script = fileURLToPath(new URL('../../scripts/import/main.ts', import.meta.url))
  const child = spawn(process.execPath, [script, file, '--mapping', 'servicenow'], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, TOCSIN_DATA: dataFolder },
  })
  const said: string[] = []
  child.stdout.on('data', (piece: Buffer) => {
    said.push(piece.toString())
    process.stdout.write(piece)
  })
  const [code] = (await once(child, 'close')) as [number | null]
  if (code !== 0) throw new Error(`The import ended with ${code}.`)
  return said.join('')
}

if (import.meta.main)
  process.exitCode = (await benchImport(process.argv.slice(2).find((word) => !word.startsWith('--')))) ? 0 : 1
