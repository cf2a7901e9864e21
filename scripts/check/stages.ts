import { type Stage, toolStage, vitestStage } from './stage.ts'

const cruised = ['db', 'desk', 'ingest', 'api', 'analytics', 'scripts', 'test', 'ui/src']
const modules = 'node_modules'

/** What can be said without running anything of ours. */
export const staticStages: Stage[] = [
  toolStage('format', `${modules}/oxfmt/bin/oxfmt`, ['--check', '.']),
  // The pages' types come from their messages and routes, so these are generated before anything reads them.
  toolStage(
    'messages',
    'node_modules/@inlang/paraglide-js/bin/run.js',
    ['compile', '--project', './project.inlang', '--outdir', './src/lib/paraglide'],
    'ui',
  ),
  toolStage('routes', 'node_modules/@sveltejs/kit/svelte-kit.js', ['sync'], 'ui'),
  toolStage('lint', `${modules}/oxlint/bin/oxlint`, ['--type-aware', '--quiet']),
  toolStage('types', `${modules}/@typescript/native/bin/tsc`, ['--noEmit', '-p', 'tsconfig.json']),
  toolStage(
    'types of pages',
    'node_modules/svelte-check/bin/svelte-check',
    ['--tsgo', '--tsconfig=./tsconfig.json'],
    'ui',
  ),
  toolStage('arrows', `${modules}/dependency-cruiser/bin/dependency-cruiser.mjs`, [
    '--config=.dependency-cruiser.mjs',
    ...cruised,
  ]),
]

export const testStages: Stage[] = ['unit', 'integration', 'browser', 'faults'].map(vitestStage)
