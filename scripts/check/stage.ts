import { spawn } from 'node:child_process'
import { readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export type Outcome = { passed: number; failed: number; skipped: string[] }
export type Stage = { name: string; run: () => Promise<Outcome> }

/** A program of node_modules that passes by exiting 0; its words are shown only when it does not. */
export function toolStage(name: string, script: string, args: string[], cwd = '.'): Stage {
  const run = async () => {
    const { code, output } = await execute([script, ...args], { cwd, show: false })
    if (code !== 0) process.stdout.write(output)
    return { passed: code === 0 ? 1 : 0, failed: code === 0 ? 0 : 1, skipped: [] }
  }
  return { name, run }
}

type Report = {
  success: boolean
  testResults: { assertionResults: { status: string; fullName: string }[]; name: string; status: string }[]
}

/** One project of vitest.config.ts, shown as it goes, counted from its report. */
export function vitestStage(project: string): Stage {
  const run = async () => {
    const file = join(tmpdir(), `tocsin-${project}-${process.pid}.json`)
    const args = ['run', `--project=${project}`, '--passWithNoTests', '--reporter=default', '--reporter=json']
    const { code } = await execute(['node_modules/vitest/vitest.mjs', ...args, `--outputFile.json=${file}`], {
      show: true,
    })
    const report: Report | undefined = await readFile(file, 'utf8').then(JSON.parse, () => undefined)
    await rm(file, { force: true })
    return count(report, code)
  }
  return { name: project, run }
}

/** A file that could not even be loaded, or a run that died, is a failure too, though no test says so. */
function count(report: Report | undefined, code: number): Outcome {
  const files = report?.testResults ?? []
  const tests = files.flatMap((file) => file.assertionResults)
  const broken = files.filter(
    (file) => file.status === 'failed' && file.assertionResults.every((test) => test.status !== 'failed'),
  )
  const failed = tests.filter((test) => test.status === 'failed').length + broken.length
  return {
    passed: tests.filter((test) => test.status === 'passed').length,
    failed: failed === 0 && code !== 0 ? 1 : failed,
    skipped: tests.filter((test) => !['passed', 'failed'].includes(test.status)).map((test) => test.fullName),
  }
}

/** Runs the stages one after another, then prints what was skipped and the counts; exits 1 when any failed. */
export async function runStages(stages: Stage[], notes: string[] = []): Promise<void> {
  const total = { passed: 0, failed: 0, skipped: [] as string[] }
  const failures: string[] = []
  for (const { name, run } of stages) {
    const started = performance.now()
    const { passed, failed, skipped } = await run()
    total.passed += passed
    total.failed += failed
    total.skipped.push(...skipped)
    if (failed > 0) failures.push(name)
    const seconds = ((performance.now() - started) / 1000).toFixed(1)
    process.stdout.write(`${failed > 0 ? 'FAILED' : 'ok    '} ${name} (${seconds} s)\n`)
  }
  for (const name of total.skipped) process.stdout.write(`skipped: ${name}\n`)
  for (const note of notes) process.stdout.write(`${note}\n`)
  if (failures.length > 0) process.stdout.write(`Failed: ${failures.join(', ')}\n`)
  process.stdout.write(`${total.passed} passed, ${total.failed} failed, ${total.skipped.length} skipped\n`)
  process.exitCode = total.failed > 0 ? 1 : 0
}

async function execute(
  argv: string[],
  options: { cwd?: string; show: boolean },
): Promise<{ code: number; output: string }> {
  const { cwd = '.', show } = options
  const child = spawn(process.execPath, argv, { cwd, stdio: ['ignore', 'pipe', 'pipe'] })
  let output = ''
  const take = (chunk: Buffer) => {
    if (show) process.stdout.write(chunk)
    else output += chunk.toString()
  }
  child.stdout.on('data', take)
  child.stderr.on('data', take)
  const end = () => child.kill('SIGTERM')
  process.once('SIGTERM', end)
  const code = await new Promise<number>((resolve) => child.once('close', (exit) => resolve(exit ?? 1)))
  process.off('SIGTERM', end)
  return { code, output }
}
