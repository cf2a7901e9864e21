import { createRoute, type RouteConfig, z } from '@hono/zod-openapi'
import { type Capability, DeskError, scopeOf } from '@tocsin/desk'
import type { MiddlewareHandler } from 'hono'
import type { Env } from './context.ts'
import { Problem } from './problem.ts'

/** `public`: without a sign-in. `self`: every signed-in person, on what is theirs. Else a capability. */
export type Permission = Capability | 'public' | 'self'

const ERRORS: Record<number, string> = {
  400: 'Not understood',
  401: 'Not signed in',
  403: 'Not allowed',
  404: 'Not found, or not yours to see',
  409: 'The state does not allow it',
  412: 'Changed meanwhile; `current` holds how it stands',
  413: 'Too large',
  422: 'Fields are wrong; `errors` names them',
  429: 'Too many requests',
  503: 'Come again after Retry-After',
}
const problem = (description: string) => ({
  description,
  content: { 'application/problem+json': { schema: Problem } },
})

/**
 * Declares a route: its permission, input and answers are one thing, and the OpenAPI document says all of it.
 * `path` begins below `/api/v1`. The permission gate runs before the input is looked at; rows are narrowed by the visibility predicate.
 */
export function route<P extends string, R extends Omit<RouteConfig, 'path' | 'middleware'> & { path: P }>(
  permission: Permission,
  config: R,
) {
  const errors = Object.fromEntries(Object.entries(ERRORS).map(([status, text]) => [status, problem(text)]))
  const whole: RouteConfig = {
    ...config,
    path: `/api/v1${config.path}`,
    responses: { ...errors, ...config.responses },
    security: permission === 'public' ? [] : [{ key: [] }, { session: [] }],
    'x-permission': permission,
    middleware: [gate(permission)],
  }
  // The added answers are the error mapping's, never a handler's: handlers see the route as it was declared.
  return createRoute(whole) as unknown as ReturnType<typeof createRoute<P, R>>
}

const gate = (permission: Permission): MiddlewareHandler<Env> =>
  async function permit(c, next) {
    if (permission !== 'public') {
      const reader = c.get('reader')
      if (!reader) throw new DeskError('unauthenticated', 'Sign in, or send an API key as a bearer token.')
      if (permission !== 'self' && !scopeOf(reader, permission))
        throw new DeskError('forbidden', `Your roles do not include “${permission}”.`)
    }
    await next()
  }

/** A JSON answer of this shape. */
export const json = <T extends z.ZodType>(schema: T, description: string) => ({
  description,
  content: { 'application/json': { schema } },
})

/** A JSON body of this shape. Unknown fields are refused by name, so nothing is silently ignored. */
export const body = <T extends z.ZodType>(schema: T) => ({
  required: true as const,
  content: { 'application/json': { schema } },
})

/** What an edit may change, each term alone too; with the revision that was seen, only if nobody else has since. */
export const edits = <S extends z.core.$ZodLooseShape>(terms: z.ZodObject<S, z.core.$strict>) =>
  body(terms.partial().extend({ seen_revision: z.number().int().optional() }))
/**
 * The parts of a multipart body, for the document alone: they are read as they arrive, and no validator holds them.
 * `files` is how many may come; the rest are texts, each with what it is.
 */
export const upload = (files: number, texts: Record<string, string> = {}) => {
  const file = { type: 'string', format: 'binary' }
  const parts = Object.entries(texts).map(([name, description]) => [name, { type: 'string', description }])
  const schema = {
    type: 'object',
    properties: {
      ...Object.fromEntries(parts),
      file: files > 1 ? { type: 'array', items: file, maxItems: files } : file,
    },
    required: [...Object.keys(texts), 'file'],
  }
  return { 'x-upload': { required: true, content: { 'multipart/form-data': { schema } } } }
}

/** A page of a list. */
export const page = <T extends z.ZodType>(item: T) =>
  z.object({ items: z.array(item), next: z.string().nullable() })

export const Paging = z.object({
  cursor: z.string().max(500).optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
})

/** An instant, as ISO 8601 in UTC with milliseconds. */
export const Instant = z.iso.datetime({ offset: true }).openapi({ example: '2026-11-22T03:12:45.120Z' })
/** A list leaves out what is archived, unless asked. */
export const WithArchived = z.object({ archived: z.enum(['true', 'false']).default('false') })

export const Id = z.uuid()
export const IdParams = z.object({ id: Id })
export const Empty = z.object({ ok: z.literal(true) })
