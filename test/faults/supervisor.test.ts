import { spawn } from 'node:child_process'
import { mkdtemp, rm, stat } from 'node:fs/promises'
import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePorts } from '@tocsin/db/process'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { descendants, type RunningDesk, startDesk, stillRunning, until } from '../harness/index.ts'

let desk: RunningDesk
beforeAll(async () => {
  desk = await startDesk()
})
afterAll(() => desk.remove())

function pidOf(main: string): number | undefined {
  return descendants(desk.supervisor.pid ?? 0).find(({ command }) => command.includes(main))?.pid
}

/** `/readyz` of api, found by the port it was given. */
async function apiReady(): Promise<boolean> {
  const line = desk.lines.findLast((text) => text.startsWith('api') && text.includes('"listening"'))
  const url = /"url":"([^"]+)"/.exec(line ?? '')?.[1]
  return (await fetch(`${url}/readyz`)).ok
}

describe('the supervisor', () => {
  test('says exactly where it is ready', () => {
    expect(desk.lines).toContain(`Tocsin is ready at ${desk.app}`)
  })

  test('keeps its secret to its user', async () => {
    expect((await stat(join(desk.dataFolder, 'secret'))).mode & 0o777).toBe(0o600)
    expect((await stat(join(desk.dataFolder, 'postgres/password'))).mode & 0o777).toBe(0o600)
  })

  test('starts a killed process again', async () => {
    const before = await until(() => pidOf('api/src/main.ts'))
    process.kill(before, 'SIGKILL')
    const after = await until(() => [pidOf('api/src/main.ts')].find((pid) => pid !== before), {
      deadline: 10_000,
    })
    expect(after).not.toBe(before)
    await until(apiReady, { deadline: 20_000 })
  })

  test('starts a killed PostgreSQL again, and the services find it', async () => {
    const before = await until(() => pidOf('bin/postgres -D'))
    process.kill(before, 'SIGKILL')
    await until(() => [pidOf('bin/postgres -D')].find((pid) => pid !== before), { deadline: 20_000 })
    expect(await until(apiReady, { deadline: 20_000 })).toBe(true)
  })

  test('a second start on a taken port says so and ends', async () => {
    const squatter = createServer()
    await new Promise<void>((resolve) => squatter.listen(0, '127.0.0.1', resolve))
    const { port } = squatter.address() as AddressInfo
    const start = startDesk({ env: { TOCSIN_PORT: String(port) } })
    await expect(start).rejects.toThrow(`Port ${port} is taken by another program`)
    squatter.close()
  })

  test('killed by kill -9, it leaves no orphan, and the next start works on the same data', async () => {
    const children = descendants(desk.supervisor.pid ?? 0)
    expect(children.length).toBeGreaterThan(2)
    desk.supervisor.kill('SIGKILL')
    await until(() => stillRunning(children).length === 0, { deadline: 15_000, what: 'no orphan' })
    desk = await startDesk({ dataFolder: desk.dataFolder })
    await until(apiReady)
  })

  test('a SIGTERM stops everything in order', async () => {
    const children = descendants(desk.supervisor.pid ?? 0)
    await desk.stop()
    expect(stillRunning(children)).toEqual([])
    expect(desk.supervisor.exitCode).toBe(0)
    expect(desk.lines.join('\n')).not.toContain('stopped without waiting')
  })
})

test('killing npm, even by kill -9, stops everything below it', async () => {
  const dataFolder = await mkdtemp(join(tmpdir(), 'tocsin-test-npm-'))
  const [port, ingestPort] = await freePorts(2)
  const npm = spawn('npm', ['start', '--', '--empty'], {
    env: {
      ...process.env,
      TOCSIN_DATA: dataFolder,
      TOCSIN_PORT: String(port),
      TOCSIN_INGEST_PORT: String(ingestPort),
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let output = ''
  npm.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()))
  onTestFinished(() => void npm.kill('SIGTERM'))
  // Packages and pages may have to be made first.
  await until(() => output.includes('Tocsin is ready at'), { deadline: 150_000 })
  const below = descendants(npm.pid ?? 0)
  expect(below.length).toBeGreaterThan(3)
  npm.kill('SIGKILL')
  const nothingLeft = () => stillRunning(below).length === 0
  expect(await until(nothingLeft, { deadline: 20_000 })).toBe(true)
  await rm(dataFolder, { recursive: true, force: true })
}, 180_000)
