import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { runStages } from './stage.ts'
import { staticStages, testStages } from './stages.ts'

// Tests that need one of these skip themselves where it is absent; we say so in words.
const isHere: Record<string, boolean> = {
  Chromium:
    has('chromium', 'chromium-browser', 'google-chrome') || existsSync('.runtime/chromium/node_modules'),
  Prometheus: has('prometheus'),
  Alertmanager: has('prometheus-alertmanager', 'alertmanager'),
}
const absent = Object.keys(isHere).filter((program) => !isHere[program])

await runStages(
  [...staticStages, ...testStages],
  absent.map((program) => `${program} is not installed here: the tests that need it were skipped`),
)

function has(...names: string[]): boolean {
  return names.some((name) => spawnSync('which', [name]).status === 0)
}
