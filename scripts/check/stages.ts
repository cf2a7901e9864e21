import { existsSync } from 'node:fs'
import { type Stage, toolStage, vitestStage } from './stage.ts'

const cruised = ['db', 'desk', 'ingest', 'api', 'analytics', 'scripts', 'test', 'ui/src'].filter((folder) =>
  existsSync(folder),
)
const modules = 'node_modules'

/** What can be said without running anything of ours. */
export const staticStages: Stage[] = [
  toolStage('format', `${modules}/oxfmt/bin/oxfmt`, ['--check', '.']),
  toolStage('lint', `${modules}/oxlint/bin/oxlint`, ['--type-aware', '--quiet']),
  toolStage('types', `${modules}/@typescript/native/bin/tsc`, ['--noEmit', '-p', 'tsconfig.json']),
  toolStage('arrows', `${modules}/dependency-cruiser/bin/dependency-cruiser.mjs`, [
    '--config=.dependency-cruiser.mjs',
    ...cruised,
  ]),
  ...(existsSync('ui/vite.config.ts')
    ? [
        toolStage('pages: routes', `${modules}/@sveltejs/kit/svelte-kit.js`, ['sync'], 'ui'),
        toolStage('pages: types', `${modules}/svelte-check/bin/svelte-check`, ['--tsgo'], 'ui'),
      ]
    : []),
]

export const testStages: Stage[] = ['unit', 'integration', 'browser', 'faults'].map(vitestStage)
