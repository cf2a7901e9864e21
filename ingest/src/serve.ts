import { connect, connectPrepared } from '@tocsin/db'
import { markDoorOpen } from '@tocsin/desk'
import { health, type Logger, serveHttp } from '@tocsin/db/process'
import { Hono } from 'hono'
import { sql } from 'kysely'
import { Histogram, type Registry } from 'prom-client'
import { authenticator } from './authenticate.ts'
import { ADAPTERS } from './adapters/registry.ts'
import { databaseClock } from './database-clock.ts'
import { alertmanagerDoor } from './doors/alertmanager.ts'
import { cloudeventsDoor } from './doors/cloudevents.ts'
import { keyOfNamed, opsgenieDoor } from './doors/opsgenie.ts'
import { internalApp } from './internal.ts'
import { keeper } from './keep.ts'
import { limiter } from './limit.ts'
import { outside } from './outside.ts'
import { serveMail } from './mail/serve-mail.ts'
import { placeOf } from './place.ts'
import type { Door } from './door.ts'
import { receive } from './receive.ts'
import { refusalAnswer } from './refuse.ts'
import { turns } from './turns.ts'
import { waker } from './wake.ts'

export interface DoorOptions {
  host: string
  port: number
  /** Where mail arrives; undefined: nowhere. */
  mailPort?: number
  databaseUrl: string
  internalToken: string
  /** TOCSIN_SECRET: the secrets of senders that sign lie under it. */
  secret: string
  log: Logger
  registry: Registry
  bodyDeadlineMs?: number
  /** How addresses outside are visited, for the few handshakes that need one. */
  visit?: typeof fetch
}

// Three that are missing mean that the door was shut.
const OPEN_EVERY_MS = 5_000

const PROBLEM = { 'content-type': 'application/problem+json' }
const NOT_HERE = {
  type: 'about:blank',
  title: 'Not found',
  status: 404,
  detail: 'Events are sent to /v1/{system}/{key}.',
}

/** Opens the machines' door. `close` answers what is in flight first. */
export async function serveDoor(
  options: DoorOptions,
): Promise<{ url: string; mailPort: number | undefined; close: () => Promise<void> }> {
  const { host, port, mailPort, databaseUrl, internalToken, secret, log, registry, bodyDeadlineMs, visit } =
    options
  const onError = (error: Error) => log.warn({ err: error }, 'a connection to Postgres broke')
  // Two pools: checking keys never waits behind the commits, nor they behind it.
  const db = connect(databaseUrl, { name: 'tocsin ingest', max: 3, onError })
  const commits = connectPrepared(databaseUrl, { name: 'tocsin ingest commits', max: 2, onError })
  const seconds = new Histogram({
    name: 'ingest_request_duration_seconds',
    help: 'Time from the head of a request to its answer, which follows the commit.',
    labelNames: ['system', 'status'],
    buckets: [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2],
    registers: [registry],
  })
  const clock = databaseClock()
  const wake = waker(db, (error) => log.debug({ err: error }, 'the workers were not woken'))
  const door: Door = {
    authenticate: authenticator(db, secret, clock.told),
    admit: limiter(),
    turns: turns(),
    load: { requests: 0 },
    keyOfNamed: (integrationId, name) => keyOfNamed(db, integrationId, name),
    keeper: keeper(commits, { told: clock.told, kept: wake }),
    clock,
    outside: outside(visit),
    log,
    observe: observer(seconds),
    bodyDeadlineMs,
  }

  // Some clients end every path with a slash.
  const app = new Hono({ strict: false })
  app.route('/', health({ name: 'ingest', checks: { database: () => sql`select 1`.execute(db) }, registry }))
  app.route('/', internalApp(internalToken, clock))
  // What the imitated services let their clients read; what these send goes the way of every message.
  const opsgenie = opsgenieDoor(db, door)
  app.route('/', opsgenie)
  app.route('/v1/opsgenie_api/:key', opsgenie)
  const alertmanager = alertmanagerDoor(db, door)
  for (const system of ['alertmanager', 'prometheus']) {
    app.route(`/v1/${system}/:key`, alertmanager)
    app.route(`/v1/${system}`, alertmanager)
  }
  const cloudevents = cloudeventsDoor(door)
  app.route('/v1/cloudevents/:key', cloudevents)
  app.route('/v1/cloudevents', cloudevents)
  app.all('*', (c) => {
    const place = placeOf({ url: c.req.path, headers: c.req.header() })
    if (!place) return c.json(NOT_HERE, 404, PROBLEM)
    const { methods } = ADAPTERS[place.system]
    const detail = `This address takes ${methods.join(' and ')}.`
    const refusal = { title: 'Method not allowed', status: 405, detail }
    const { body, type = 'application/json' } = refusalAnswer(refusal, place)
    return c.json(body as object, 405, { 'content-type': type, allow: methods.join(', ') })
  })
  const listening = await serveHttp(app, host, port, (request, response) => {
    const place = placeOf(request)
    if (!place || !ADAPTERS[place.system].methods.includes(request.method ?? '')) return false
    void receive(door, place, request, response)
    return true
  })
  const mail = mailPort === undefined ? undefined : await serveMail(door, { host, port: mailPort })
  const open = () =>
    markDoorOpen(db).catch((error: unknown) =>
      log.debug({ err: error }, 'nobody was told that the door is open'),
    )
  await open()
  const opening = setInterval(() => void open(), OPEN_EVERY_MS)
  return {
    url: listening.url,
    mailPort: mail?.port,
    close: async () => {
      clearInterval(opening)
      await Promise.all([listening.close(), mail?.close()])
      await Promise.all([db.destroy(), commits.destroy()])
    },
  }
}

/** Finds the series of a system and status once, not for each request. */
function observer(seconds: Histogram<'system' | 'status'>): Door['observe'] {
  const known = new Map<string, Histogram.Internal<'system' | 'status'>>()
  return ({ system, status }, value) => {
    const name = `${system} ${status}`
    let series = known.get(name)
    if (!series) known.set(name, (series = seconds.labels(system, String(status))))
    series.observe(value)
  }
}
