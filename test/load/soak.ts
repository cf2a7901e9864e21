// npm run soak [rounds] — the kill, race and outage tests at full length, again and again.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'

const rounds = Number(process.argv[2] ?? 3)
const vitest = fileURLToPath(new URL('../../node_modules/vitest/vitest.mjs', import.meta.url))
const tests = ['test/faults', 'test/promises/one-incident-per-key.test.ts', 'test/promises/restore.test.ts']

for (let round = 1; round <= rounds; round++) {
  console.log(`\n── round ${round} of ${rounds}`)
  const run = spawn(process.execPath, [vitest, 'run', '--testTimeout=900000', ...tests], {
    stdio: 'inherit',
    env: { ...process.env, TOCSIN_SOAK: '1' },
  })
  const [code] = (await once(run, 'exit')) as [number | null]
  if (code !== 0) {
    console.error(`Round ${round} failed.`)
    process.exit(1)
  }
}
