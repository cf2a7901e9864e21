import { z } from '@hono/zod-openapi'
import { type ActivityRow, DeskError, lastPlace, loadReader, readFeed } from '@tocsin/desk'
import { streamSSE } from 'hono/streaming'
import type { Resource } from '../../context.ts'
import { route } from '../../route.ts'
import { backlog } from './backlog.ts'
import { narrow } from './narrow.ts'
import { followPresence, type PresenceEvent } from './presence.ts'
import { followFeed } from './tail.ts'

const MAX_PER_PERSON = 10
const MAX_CATCH_UP = 5_000
const CHECK_MS = 4_000
const PING_MS = 15_000

const stream = route('self', {
  method: 'get',
  path: '/stream',
  summary: 'Live changes as server-sent events; Last-Event-ID resumes. `reset`: too far behind, load anew',
  tags: ['Live'],
  request: {
    headers: z.object({ 'last-event-id': z.string().max(20).optional() }),
    // A page that opens a new stream cannot set the header.
    query: z.object({ after: z.string().max(20).optional() }),
  },
  responses: {
    200: {
      description: '`activity` events, and `presence` on tickets where one is',
      content: { 'text/event-stream': { schema: z.string() } },
    },
  },
})

export const streamRoutes: Resource = (app, deps) => {
  const { db, log, signal } = deps
  const tail = followFeed(db, deps.config.databaseUrl, log, signal)
  const presence = followPresence(db, deps.config.databaseUrl, log, signal)
  const open = new Map<string, number>()

  app.openapi(stream, async (c) => {
    const personId = c.get('reader').person.id
    const already = open.get(personId) ?? 0
    if (already >= MAX_PER_PERSON)
      throw new DeskError('limited', 'You have ten live connections open. Close a few pages.', {
        retryAfter: 10,
      })
    open.set(personId, already + 1)
    const release = () => {
      const left = (open.get(personId) ?? 1) - 1
      if (left > 0) open.set(personId, left)
      else open.delete(personId)
    }
    const newest = await lastPlace(db).catch((error: unknown) => {
      release()
      throw error
    })
    const given = Number(c.req.valid('header')['last-event-id'] ?? c.req.valid('query').after ?? newest)
    const from = Number.isSafeInteger(given) && given >= 0 ? Math.min(given, newest) : newest
    c.header('x-accel-buffering', 'no')
    return streamSSE(c, async (sse) => {
      let reader = c.get('reader')
      let place = from
      let ended = false
      const queue = backlog<ActivityRow>(MAX_CATCH_UP)
      // Of each ticket, how it stands: what was before that is of no use to anybody.
      const here = new Map<string, PresenceEvent>()
      let wake = () => undefined as void
      const unsubscribe = tail.subscribe((lines) => {
        queue.add(lines)
        wake()
      }, newest)
      const deafen = presence.subscribe(personId, (event) => {
        here.set(event.number, event)
        wake()
      })
      const end = () => {
        ended = true
        wake()
      }
      sse.onAbort(end)
      signal.addEventListener('abort', end)
      const send = async (lines: ActivityRow[]) => {
        const fresh = lines.filter((line) => line.place > place)
        if (fresh.length === 0) return
        for (const event of await narrow(db, reader, fresh))
          await sse.writeSSE({ id: String(event.place), event: 'activity', data: JSON.stringify(event) })
        place = fresh.at(-1)!.place
      }
      const reset = async (at: number) => {
        place = at
        await sse.writeSSE({ event: 'reset', id: String(at), data: '{}' })
      }
      try {
        await sse.writeSSE({ event: 'hello', id: String(place), data: JSON.stringify({ place }) })
        if (newest - from > MAX_CATCH_UP) await reset(newest)
        else {
          for (
            let lines = await readFeed(db, place, 500);
            lines.length > 0;
            lines = await readFeed(db, place, 500)
          )
            await send(lines)
        }
        let checked = Date.now()
        let pinged = checked
        while (!ended) {
          const lines = queue.take()
          if (lines) await send(lines)
          else await reset(await lastPlace(db))
          for (const [number, event] of here) {
            here.delete(number)
            await sse.writeSSE({ event: 'presence', data: JSON.stringify(event) })
          }
          // A removed or demoted person keeps no open ear for longer than this.
          if (Date.now() - checked > CHECK_MS) {
            const again = await loadReader(db, { personId })
            if (!again) break
            reader = again
            checked = Date.now()
          }
          if (Date.now() - pinged > PING_MS) {
            await sse.writeSSE({ event: 'ping', data: '' })
            pinged = Date.now()
          }
          if (!queue.waits() && here.size === 0 && !ended)
            await new Promise<void>((resolve) => {
              const timer = setTimeout(resolve, CHECK_MS)
              wake = () => {
                clearTimeout(timer)
                resolve()
              }
            })
        }
      } catch (error) {
        log.warn({ err: error }, 'a live stream ended early')
      } finally {
        unsubscribe()
        deafen()
        signal.removeEventListener('abort', end)
        release()
      }
    })
  })
}
