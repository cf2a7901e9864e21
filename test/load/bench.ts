// npm run bench [name …] [--short] — what the product costs: each bench prints its own figures, the last table shows
// them all beside their limits; --short sends for seconds where the full form takes minutes. Never a test: a figure belongs to a machine, and to what else that machine was doing.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { loadavg } from 'node:os'
import { fileURLToPath } from 'node:url'
import { type Figure, kept, limitOf } from './figures.ts'

const BENCHES = {
  start: 'npm start in a copy of this checkout, the first and the second time',
  memory: 'memory of all processes with the demo, at rest and in the storm',
  idle: 'CPU of all processes with the demo, at rest',
  live: 'from a POST to its incident on an open page, in a browser',
  'page-latency': 'from a POST to the page handed to SMTP and webhook',
  ingest: 'receipts with group commit against one transaction a request, and from an alert to its incident',
  alertmanager: 'the same bodies to our door and to Alertmanager beside it; and decided while they arrive',
  storm: 'a storm of 100,000 alerts in five minutes, with other trouble in the midst of it',
  neighbours: 'one integration that floods, and the latency of another',
  correlation: 'one worker over 200 rules, a map of 10,000 items and 5,000 open alerts',
  replay: 'a period that happened, once more by twenty rules',
  queue: 'queue, ticket and search at a million tickets',
  reads: 'every reading of the API at a million tickets, with all that stands beside them',
  sla: 'the clocks of 100,000 open tickets computed again after a change of hours',
  import: 'a real log of ServiceNow into the running desk',
  'request-tracker': 'page of the queue and creation of a ticket beside Request Tracker 5',
  keystroke: 'from a key to the frame that shows what it did, in a browser',
  supervisor: 'the live view at a million tickets',
  analytics: 'the figures at a million tickets over two years',
}

const given = process.argv.slice(2)
const asked = given.filter((word) => word !== '--short')
const unknown = asked.filter((name) => !(name in BENCHES))
if (unknown.length > 0) {
  console.error(`There is no bench ${unknown.join(', ')}; there are: ${Object.keys(BENCHES).join(', ')}.`)
  process.exit(1)
}

const rows: Record<string, string>[] = []
for (const [name, what] of Object.entries(BENCHES)) {
  if (asked.length > 0 && !asked.includes(name)) continue
  console.log(`\n── ${name}: ${what}\n`)
  const load = loadavg()[0]!.toFixed(1)
  const { figures, seconds, whole } = await run(name)
  for (const figure of figures)
    rows.push({
      bench: name,
      figure: figure.figure,
      measured: `${figure.measured} ${figure.unit}`,
      limit: limitOf(figure),
      kept: kept(figure) ? 'yes' : 'NO',
      'load before': load,
    })
  if (figures.length === 0 || (!whole && figures.every(kept)))
    rows.push({
      bench: name,
      figure: 'as a whole',
      measured: `${seconds} s`,
      limit: '',
      kept: whole ? 'yes' : 'NO',
      'load before': load,
    })
}
console.log('\n── figures')
console.table(rows)
if (rows.some((row) => row.kept === 'NO')) process.exitCode = 1

/** In a process of its own, which tells its figures. */
async function run(name: string): Promise<{ figures: Figure[]; seconds: string; whole: boolean }> {
  const began = performance.now()
  const file = fileURLToPath(new URL(`./${name}.ts`, import.meta.url))
  const child = spawn(process.execPath, [file, ...given.filter((word) => word === '--short')], {
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
  })
  const figures: Figure[] = []
  child.on('message', (figure) => figures.push(figure as Figure))
  const [code] = (await once(child, 'close')) as [number | null]
  return { figures, seconds: ((performance.now() - began) / 1000).toFixed(0), whole: code === 0 }
}
