import type { OpenAPIHono } from '@hono/zod-openapi'
import type { Db } from '@tocsin/db'
import type { Logger, RequestVariables } from '@tocsin/db/process'
import type { Credentials, Reader } from '@tocsin/desk'
import type { Registry } from 'prom-client'
import type { ApiConfig } from './config.ts'

/** What one request carries. `reader` is set on every route but the public ones. */
export interface Env {
  Variables: RequestVariables & { reader: Reader }
}

/** What the process holds, composed in main.ts and handed to each resource. */
export interface Deps {
  db: Db
  credentials: Credentials
  config: ApiConfig
  log: Logger
  registry: Registry
  /** Aborts when the process begins to stop: end long answers. */
  signal: AbortSignal
}

export type App = OpenAPIHono<Env>
/** A resource: adds its routes to the app. */
export type Resource = (app: App, deps: Deps) => void
