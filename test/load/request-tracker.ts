// The queue's page and the creation of a ticket beside Request Tracker 5 (Debian): the same number of tickets in the
// same Postgres, asked one at a time, one product after the other. `npm run bench request-tracker`.
import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startEmbeddedPostgres } from '@tocsin/db/embedded'
import { createLog, freePorts } from '@tocsin/db/process'
import { Client } from 'pg'
import type { DemoDesk } from '../harness/browser-desk.ts'
import { startDesk } from '../harness/desk.ts'
import { until } from '../harness/until.ts'
import { percentile, tell } from './figures.ts'
import { fillRequestTracker } from './request-tracker-tickets.ts'
import { multiplyTickets } from './million-tickets.ts'

const SERVER = '/usr/share/request-tracker5/libexec/rt-server'
const TICKETS = 100_000
const ANSWERS = process.argv.includes('--short') ? 20 : 100

interface Measured {
  page: number
  created: number
}

interface Target {
  url: string
  headers: Record<string, string>
  body?: string
}

/** Milliseconds until the whole answer is there, the median of so many asked one after another. */
async function answerMs({ url, headers, body }: Target): Promise<number> {
  const took: number[] = []
  // The first ones compile pages and fill caches.
  for (let at = -5; at < ANSWERS; at++) {
    const began = performance.now()
    const answer = await fetch(url, { headers, ...(body !== undefined && { method: 'POST', body }) })
    const text = await answer.text()
    if (!answer.ok) throw new Error(`${url} answered ${answer.status}: ${text.slice(0, 200)}`)
    if (at >= 0) took.push(performance.now() - began)
  }
  return percentile(took, 0.5)
}

async function theirs(folder: string): Promise<Measured> {
  const log = createLog('bench', 'silent')
  const postgres = await startEmbeddedPostgres({ dir: join(folder, 'postgres'), log })
  let server: ChildProcess | undefined
  try {
    const [port] = await freePorts(1)
    const url = `http://127.0.0.1:${port}`
    const env = await setUp(folder, postgres.ownerUrl, port!)
    server = spawn(SERVER, ['--server', 'Starman', '--port', String(port), '--workers', '2'], {
      cwd: folder,
      env,
      stdio: 'ignore',
    })
    await until(async () => (await fetch(url)).ok, { deadline: 30_000, what: 'Request Tracker is ready' })
    const signedIn = await fetch(`${url}/NoAuth/Login.html`, {
      method: 'POST',
      body: new URLSearchParams({ user: 'root', pass: 'password', next: '' }),
      redirect: 'manual',
    })
    const cookie = signedIn.headers.getSetCookie().at(-1)!.split(';')[0]!
    const body = JSON.stringify({
      Queue: 'General',
      Subject: 'The printer on the second floor jams',
      Requestor: 'ada@example.test',
      Content: 'Paper is stuck in it again.',
    })
    const create = {
      url: `${url}/REST/2.0/ticket`,
      headers: { cookie, 'content-type': 'application/json' },
      body,
    }
    const first = await fetch(create.url, { method: 'POST', headers: create.headers, body })
    if (!first.ok) throw new Error(`Request Tracker made no ticket: ${first.status} ${await first.text()}`)
    await fillRequestTracker(postgres.ownerUrl.replace(/\/[^/]+$/, '/rt5'), TICKETS)
    const query = new URLSearchParams({
      Query: "Queue = 'General'",
      Rows: '50',
      OrderBy: 'Created',
      Order: 'DESC',
    })
    return {
      page: await answerMs({ url: `${url}/Search/Results.html?${query.toString()}`, headers: { cookie } }),
      created: await answerMs(create),
    }
  } finally {
    server?.kill('SIGTERM')
    await postgres.stop()
  }
}

/** Its database, and the settings that it is run with. */
async function setUp(folder: string, ownerUrl: string, port: number): Promise<NodeJS.ProcessEnv> {
  const owner = new URL(ownerUrl)
  const settings: Record<string, string | number> = {
    rtname: 'bench',
    Organization: 'bench.test',
    WebDomain: '127.0.0.1',
    WebPort: port,
    WebBaseURL: `http://127.0.0.1:${port}`,
    DatabaseType: 'Pg',
    DatabaseHost: '127.0.0.1',
    DatabaseRTHost: '127.0.0.1',
    DatabasePort: owner.port,
    DatabaseName: 'rt5',
    DatabaseUser: 'rt_user',
    DatabasePassword: 'of-the-bench',
    WebSessionClass: 'Apache::Session::File',
    MasonDataDir: join(folder, 'mason'),
    MasonSessionDir: join(folder, 'session'),
    MailCommand: 'testfile',
    RestrictReferrer: 0,
    LogToSTDERR: 'error',
  }
  const site = join(folder, 'RT_SiteConfig.pm')
  const lines = Object.entries(settings).map(([name, value]) => `Set($${name}, '${value}');`)
  await writeFile(site, [...lines, 'Set($LogToSyslog, undef);', '1;', ''].join('\n'))
  for (const name of ['none', 'mason', 'session']) await mkdir(join(folder, name))
  const env = { ...process.env, RT_SITE_CONFIG: site, RT_SITE_CONFIG_DIR: join(folder, 'none') }
  execFileSync(
    'rt-setup-database-5',
    ['--action', 'init', '--dba', owner.username, '--dba-password', decodeURIComponent(owner.password)],
    { env, cwd: folder, stdio: 'ignore' },
  )
  return env
}

async function ours(): Promise<Measured> {
  const filled = await startDesk({ demo: true, deadline: 300_000 })
  await filled.stop()
  const postgres = await startEmbeddedPostgres({
    dir: join(filled.dataFolder, 'postgres'),
    log: createLog('bench', 'silent'),
  })
  const client = new Client({ connectionString: postgres.ownerUrl })
  await client.connect()
  const { rows } = await client.query<{ count: number }>('select count(*)::int as count from ticket')
  await client.end()
  await multiplyTickets(postgres.ownerUrl, Math.ceil(TICKETS / rows[0]!.count) - 1)
  await postgres.stop()

  const desk = await startDesk({ dataFolder: filled.dataFolder, demo: true, deadline: 300_000 })
  try {
    const demo = JSON.parse(await readFile(join(desk.dataFolder, 'demo.json'), 'utf8')) as DemoDesk
    const { email, password } = demo.people.find(({ role }) => role === 'administrator')!
    const signedIn = await fetch(`${desk.app}/api/auth/sign-in/email`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', origin: desk.app },
      body: JSON.stringify({ email, password }),
    })
    const cookie = signedIn.headers
      .getSetCookie()
      .map((one) => one.split(';')[0])
      .join('; ')
    const headers = { cookie, origin: desk.app }
    return {
      page: await answerMs({ url: `${desk.app}/tickets?sort=-created`, headers }),
      created: await answerMs({
        url: `${desk.app}/api/v1/tickets`,
        headers: { ...headers, 'content-type': 'application/json' },
        body: JSON.stringify({
          kind: 'incident',
          title: 'The printer on the second floor jams',
          description: 'Paper is stuck in it again.',
          impact: 'low',
          urgency: 'low',
        }),
      }),
    }
  } finally {
    await desk.remove()
  }
}

export async function benchRequestTracker(): Promise<boolean> {
  if (!existsSync(SERVER)) {
    console.log(
      'Request Tracker 5 is not on this machine (request-tracker5, rt5-db-postgresql, starman): not measured.',
    )
    return false
  }
  const folder = await mkdtemp(join(tmpdir(), 'tocsin-bench-rt-'))
  try {
    const them = await theirs(folder)
    const us = await ours()
    const beside = (figure: string, which: keyof Measured) =>
      tell(
        { figure, measured: Number((them[which] / us[which]).toFixed(1)), unit: '× faster' },
        `${Math.round(us[which])} ms against ${Math.round(them[which])} ms, medians of ${ANSWERS}, ${TICKETS} tickets each`,
      )
    const page = beside('page of the queue beside Request Tracker', 'page')
    return beside('tickets created beside Request Tracker', 'created') && page
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

if (import.meta.main) process.exitCode = (await benchRequestTracker()) ? 0 : 1
