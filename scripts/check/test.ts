import { spawnSync } from 'node:child_process'
import { runStages } from './stage.ts'
import { staticStages, testStages } from './stages.ts'

// Tests that need one of these skip themselves where it is absent; we say so in words.
const programs = ['chromium', 'prometheus', 'prometheus-alertmanager']
const absent = programs.filter((program) => spawnSync('which', [program]).status !== 0)

await runStages(
  [...staticStages, ...testStages],
  absent.map((program) => `${program} is not installed here: the tests that need it were skipped`),
)
