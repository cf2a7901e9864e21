import { type Stage, toolStage, vitestStage } from './stage.ts'

const cruised = ['db', 'desk', 'ingest', 'api', 'analytics', 'scripts', 'test', 'ui/src']
const modules = 'node_modules'

// The pages' types come from their routes and messages, so these are generated before anything reads them.
const pages = [
  toolStage(
    'pages: messages',
    'node_modules/@inlang/paraglide-js/bin/run.js',
    ['compile', '--project', './project.inlang', '--outdir', './src/lib/paraglide'],
    'ui',
  ),
  toolStage('pages: routes', 'node_modules/@sveltejs/kit/svelte-kit.js', ['sync'], 'ui'),
  toolStage('pages: lint', '../node_modules/oxlint/bin/oxlint', ['--type-aware', '--quiet'], 'ui'),
  toolStage(
    'pages: types',
    'node_modules/svelte-check/bin/svelte-check',
    ['--tsgo', '--tsconfig=./tsconfig.json'],
    'ui',
  ),
]

/** What can be said without running anything of ours. */
export const staticStages: Stage[] = [
  toolStage('format', `${modules}/oxfmt/bin/oxfmt`, ['--check', '.']),
  toolStage('lint', `${modules}/oxlint/bin/oxlint`, ['--type-aware', '--quiet']),
  toolStage('types', `${modules}/@typescript/native/bin/tsc`, ['--noEmit', '-p', 'tsconfig.json']),
  toolStage('arrows', `${modules}/dependency-cruiser/bin/dependency-cruiser.mjs`, [
    '--config=.dependency-cruiser.mjs',
    ...cruised,
  ]),
  ...pages,
]

export const testStages: Stage[] = ['unit', 'integration', 'browser', 'faults'].map(vitestStage)
