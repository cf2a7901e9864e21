import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePorts } from '@tocsin/db/process'
import { until } from './until.ts'

const installed = (command: string) => spawnSync(command, ['--version'], { stdio: 'ignore' }).status === 0
export const hasPrometheus = installed('prometheus')
export const hasAlertmanager = installed('prometheus-alertmanager')

export interface Target {
  address: string
  /** From now on its metrics answer 500, or are well again. */
  breaks: (broken: boolean) => void
  close: () => void
}

/** A service that Prometheus scrapes. */
export async function aTarget(): Promise<Target> {
  let broken = false
  const server = createServer((_request, response) => response.writeHead(broken ? 500 : 200).end('works 1\n'))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    address: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    breaks: (value) => (broken = value),
    close: () => {
      server.closeAllConnections()
      server.close()
    },
  }
}

export interface RunningProgram {
  address: string
  /** Ends it and removes its data. */
  stop: () => Promise<void>
}

const RULES = `
groups:
  - name: promises
    rules:
      - alert: TargetDown
        expr: up == 0
        labels: { severity: critical, service: shop }
        annotations: { summary: '{{ $labels.instance }} does not answer' }
`

/** A Prometheus that scrapes the targets each second and hands alerts to `alertmanagers` (YAML of its config). */
export async function startPrometheus(targets: Target[], alertmanagers: string): Promise<RunningProgram> {
  const config = `
global: { scrape_interval: 1s, evaluation_interval: 1s }
rule_files: [rules.yml]
alerting:
  alertmanagers:
${alertmanagers}
scrape_configs:
  - job_name: shop
    static_configs: [{ targets: ${JSON.stringify(targets.map((target) => target.address))} }]
`
  return program('prometheus', { 'config.yml': config, 'rules.yml': RULES }, (folder, address) => [
    `--config.file=${folder}/config.yml`,
    `--storage.tsdb.path=${folder}/data`,
    `--web.listen-address=${address}`,
    '--rules.alert.resend-delay=2s',
  ])
}

/** An Alertmanager that hands everything to one webhook without much waiting. */
export async function startAlertmanager(webhook: string): Promise<RunningProgram> {
  const config = `
route: { receiver: tocsin, group_by: [alertname, service], group_wait: 1s, group_interval: 1s, repeat_interval: 1h }
receivers:
  - name: tocsin
    webhook_configs: [{ url: '${webhook}', send_resolved: true }]
`
  return program('prometheus-alertmanager', { 'config.yml': config }, (folder, address) => [
    `--config.file=${folder}/config.yml`,
    `--storage.path=${folder}/data`,
    `--web.listen-address=${address}`,
    '--cluster.listen-address=',
  ])
}

async function program(
  command: string,
  files: Record<string, string>,
  args: (folder: string, address: string) => string[],
): Promise<RunningProgram> {
  const folder = await mkdtemp(join(tmpdir(), 'tocsin-test-program-'))
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text)
  const [port] = await freePorts(1)
  const address = `127.0.0.1:${port}`
  const child = spawn(command, args(folder, address), { stdio: ['ignore', 'ignore', 'pipe'] })
  let said = ''
  child.stderr.on('data', (chunk: Buffer) => (said = (said + chunk.toString()).slice(-4_000)))
  const stop = async () => {
    await ended(child)
    await rm(folder, { recursive: true, force: true })
  }
  const ready = until(async () => (await fetch(`http://${address}/-/ready`)).ok, {
    deadline: 30_000,
    every: 100,
    what: `${command} is ready`,
  })
  await ready.catch(async (error: unknown) => {
    await stop()
    throw new Error(`${command} did not start:\n${said}`, { cause: error })
  })
  return { address, stop }
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const exit = new Promise((resolve) => child.once('exit', resolve))
  child.kill('SIGKILL')
  await exit
}
