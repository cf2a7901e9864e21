// The one way in: `npm start`, `npm test` and the other scripts of package.json end here. Plain JavaScript for
// Node 20, because it runs before anything is installed; it brings the Node and the packages that the rest needs.
import { spawn, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { delimiter, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const nodeVersion = '24.21.0'
const pnpmVersion = '12.21.0'
const chromiumVersion = '153.0.0'
const root = dirname(dirname(fileURLToPath(import.meta.url)))
process.chdir(root)

const programs = {
  start: 'scripts/supervisor/main.ts',
  test: 'scripts/check/test.ts',
  check: 'scripts/check/static.ts',
  bench: 'test/load/bench.ts',
  soak: 'test/load/soak.ts',
  storm: 'scripts/storm.ts',
  rebuild: 'analytics/src/rebuild.ts',
  import: 'scripts/import/main.ts',
}

const [command = 'start', ...args] = process.argv.slice(2)
const program = programs[command]
if (!program) fail(`Unknown command ${command}; there are: ${Object.keys(programs).join(', ')}.`)
if (!existsSync(program)) fail(`${program} is not part of this version.`)

const [node] = await Promise.all([provideNode(), installPackages()])
process.env.PATH = `${dirname(node)}${delimiter}${process.env.PATH}`
// Halves the time that a start takes, and spares each process the compiler that strips types (16 MB).
process.env.NODE_COMPILE_CACHE ??= join(root, '.runtime/compile-cache')
// `npm start` builds the pages itself, beside all else that a first start has to do.
if (['test', 'bench', 'soak'].includes(command)) buildPages()
if (command === 'test') await provideChromium()
const own = command === 'start' ? ['--build-pages'] : []
run(node, ['--max-semi-space-size=2', '--optimize-for-size', ...watchedByParent(), program, ...own, ...args])

async function provideNode() {
  if (Number(process.versions.node.split('.')[0]) >= 24) return process.execPath
  const name = `node-${process.platform}-${process.arch}`
  const path = join(root, '.runtime/node_modules', name, 'bin/node')
  if (existsSync(path) && spawnSync(path, ['--version']).status === 0) return path
  say(`Node ${process.versions.node} is here, Tocsin needs 24: fetching ${nodeVersion} into .runtime`)
  const got = await npm(
    'install',
    '--prefix',
    '.runtime',
    '--no-save',
    '--ignore-scripts',
    '--no-audit',
    '--no-fund',
    `${name}@${nodeVersion}`,
  )
  if (got.status !== 0)
    fail(`${got.stderr}\nNo Node 24 could be fetched for this machine: install Node 24 and run again.`)
  return path
}

/** Only when what decides the packages has changed since the last time. */
async function installPackages() {
  const hash = createHash('sha256')
  for (const file of ['pnpm-lock.yaml', 'pnpm-workspace.yaml', '.pnpmfile.mjs'])
    hash.update(readFileSync(file))
  const wanted = hash.digest('hex')
  const stamp = 'node_modules/.tocsin-installed'
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return
  say('Installing packages')
  const flags = ['--frozen-lockfile', '--prefer-offline', '--config.minimumReleaseAge=0']
  const got = await npm('exec', '--yes', '--', `pnpm@${pnpmVersion}`, 'install', ...flags)
  if (got.status !== 0) fail(`${got.stdout}\n${got.stderr}\nThe packages could not be installed.`)
  mkdirSync('node_modules', { recursive: true })
  writeFileSync(stamp, wanted)
}

function buildPages() {
  if (spawnSync(node, ['scripts/pages.ts'], { stdio: 'inherit' }).status !== 0) process.exit(1)
}

/** For the browser tests, where the machine has no Chromium of its own; without one they skip themselves. */
async function provideChromium() {
  const names = ['chromium', 'chromium-browser', 'google-chrome']
  if (process.platform !== 'linux' || names.some((name) => spawnSync('which', [name]).status === 0)) return
  if (existsSync('.runtime/chromium/node_modules/@sparticuz/chromium/package.json')) return
  say('No Chromium is here: fetching one into .runtime for the browser tests')
  const place = ['--prefix', '.runtime/chromium', '--no-save', '--ignore-scripts']
  const got = await npm('install', ...place, `@sparticuz/chromium@${chromiumVersion}`)
  if (got.status !== 0) say('None could be fetched, the browser tests will be skipped')
}

function run(file, argv) {
  const child = spawn(file, argv, { stdio: 'inherit' })
  child.on('exit', (code, signal) => process.exit(code ?? (signal === 'SIGINT' ? 130 : 143)))
  // Ctrl-C reaches the whole terminal, the child too; a SIGTERM reaches us alone.
  process.on('SIGINT', () => undefined)
  process.on('SIGTERM', () => child.kill('SIGTERM'))
  const alive = callerAlive()
  const watch = setInterval(() => {
    if (alive()) return
    clearInterval(watch)
    child.kill('SIGTERM')
  }, 500)
  watch.unref()
}

/**
 * npm runs us through a shell that passes no signal on and may outlive npm, so we look whether the shell's
 * parent still lives as well as whether ours changed.
 */
function callerAlive() {
  const parent = process.ppid
  const { name, parent: grandparent } = look(parent)
  const throughShell = process.env.npm_lifecycle_event !== undefined && /^(.*\/)?(ba|da|z|)sh$/.test(name)
  return () => process.ppid === parent && (!throughShell || exists(grandparent))
}

/** A process's name and parent; slim Linux images have no `ps`, other systems no /proc. */
function look(pid) {
  const facts = existsSync('/proc/self/stat')
    ? /\((?<name>.*)\) \S (?<parent>\d+)/.exec(readFileSync(`/proc/${pid}/stat`, 'utf8'))
    : /^\s*(?<parent>\d+)\s+(?<name>\S+)/.exec(
        spawnSync('ps', ['-o', 'ppid=,comm=', '-p', String(pid)], { encoding: 'utf8' }).stdout ?? '',
      )
  return { name: facts?.groups?.name ?? '', parent: Number(facts?.groups?.parent ?? 0) }
}

function exists(pid) {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return error.code === 'EPERM'
  }
}

function watchedByParent() {
  const watch = new URL('./supervisor/watch-parent.ts', import.meta.url)
  watch.searchParams.set('parent', String(process.pid))
  return ['--import', watch.href]
}

function npm(...argv) {
  const cli = process.env.npm_execpath
  const [file, first] = cli?.endsWith('.js') ? [process.execPath, [cli]] : ['npm', []]
  const child = spawn(file, [...first, ...argv], { stdio: ['ignore', 'pipe', 'pipe'] })
  const said = { stdout: '', stderr: '' }
  for (const stream of ['stdout', 'stderr']) child[stream].on('data', (chunk) => (said[stream] += chunk))
  return new Promise((resolve) => child.on('close', (status) => resolve({ status, ...said })))
}

function say(text) {
  process.stdout.write(`${text} …\n`)
}

function fail(text) {
  process.stderr.write(`${text}\n`)
  process.exit(1)
}
