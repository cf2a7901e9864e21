// npm run bench [name …] — what the product costs: each bench prints its own figures, the last table says which
// kept their limits. Never a test: a figure belongs to a machine.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const BENCHES = {
  ingest: 'receipts with group commit against one transaction a request, and from an alert to its incident',
  'page-latency': 'from a POST to the page handed to SMTP and webhook',
  queue: 'queue, ticket and search at a million tickets',
  analytics: 'the figures at a million tickets over two years',
}

const asked = process.argv.slice(2)
const unknown = asked.filter((name) => !(name in BENCHES))
if (unknown.length > 0) {
  console.error(`There is no bench ${unknown.join(', ')}; there are: ${Object.keys(BENCHES).join(', ')}.`)
  process.exit(1)
}

const results: { bench: string; kept: string; seconds: string }[] = []
for (const [name, what] of Object.entries(BENCHES)) {
  if (asked.length > 0 && !asked.includes(name)) continue
  const file = fileURLToPath(new URL(`./${name}.ts`, import.meta.url))
  if (!existsSync(file)) continue
  console.log(`\n── ${name}: ${what}\n`)
  const began = performance.now()
  const [code] = (await once(spawn(process.execPath, [file], { stdio: 'inherit' }), 'exit')) as [
    number | null,
  ]
  const seconds = ((performance.now() - began) / 1000).toFixed(0)
  results.push({ bench: name, kept: code === 0 ? 'yes' : 'NO', seconds })
}
console.log('\n── limits')
console.table(results)
if (results.some(({ kept }) => kept === 'NO')) process.exitCode = 1
