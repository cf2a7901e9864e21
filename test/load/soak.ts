// npm run soak [minutes] — clocks against their oracles, kills, races, outages, replays and restores at full length, one
// file after another and then again, until the minutes are over: what has begun is finished, nothing more is begun.
// Ends at the first that fails.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const minutes = Number(process.argv[2] ?? 120)
if (!(minutes > 0)) {
  console.error('npm run soak takes minutes: npm run soak 30')
  process.exit(1)
}
const root = fileURLToPath(new URL('../../', import.meta.url))
const faults = readdirSync(new URL('../faults/', import.meta.url))
  .filter((name) => name.endsWith('.test.ts'))
  .map((name) => `test/faults/${name}`)
// Calendars, clocks and histories, each drawn anew in each round.
const oracles = ['calendar/business-time', 'sla/clock', 'sla/history'].map(
  (name) => `desk/src/${name}.test.ts`,
)
const promises = ['one-incident-per-key', 'replay-equals-history', 'restore'].map(
  (name) => `test/promises/${name}.test.ts`,
)
const files = [...oracles, ...promises, ...faults]

const ends = performance.now() + minutes * 60_000
const runs: { round: number; file: string; seconds: number }[] = []
for (let place = 0; performance.now() < ends; place++) {
  const file = files[place % files.length]!
  const round = Math.floor(place / files.length) + 1
  console.log(`\n── ${file}, round ${round}`)
  const began = performance.now()
  const code = await run(file)
  runs.push({ round, file, seconds: Math.round((performance.now() - began) / 1000) })
  if (code === 0) continue
  console.table(runs)
  console.error(`${file} failed in round ${round}.`)
  process.exit(1)
}
console.table(runs)
console.log(`${runs.length} runs of ${Math.min(files.length, runs.length)} files, none failed.`)

async function run(file: string): Promise<number | null> {
  const vitest = spawn(
    process.execPath,
    ['node_modules/vitest/vitest.mjs', 'run', '--testTimeout=900000', file],
    {
      cwd: root,
      stdio: 'inherit',
      // The tests look at it: with it they run at full length.
      env: { ...process.env, TOCSIN_SOAK: '1' },
    },
  )
  const [code] = (await once(vitest, 'exit')) as [number | null]
  return code
}
