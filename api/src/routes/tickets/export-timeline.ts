import { z } from '@hono/zod-openapi'
import { readNow } from '@tocsin/desk'
import type { Resource } from '../../context.ts'
import { plain, quoted } from '../../markdown.ts'
import { Instant, json, route } from '../../route.ts'
import { findTicket } from './find.ts'
import { readTicket } from './get.ts'
import { NumberParams, Priority, State } from './schema.ts'
import { Line, linesOf } from './timeline.ts'

/** As many lines as one file holds; of a longer story the newest. */
const MOST = 10_000

const Timeline = z
  .object({
    number: z.string(),
    title: z.string(),
    state: State,
    priority: Priority,
    exported_at: Instant,
    truncated: z.boolean().openapi({ description: `older lines than the ${MOST} newest were left out` }),
    items: z.array(Line),
  })
  .openapi('Timeline')
type Timeline = z.infer<typeof Timeline>

const asJson = route('ticket.read', {
  method: 'get',
  path: '/tickets/{number}/timeline.json',
  summary: 'The whole timeline to keep elsewhere, oldest first. Requesters get its public lines',
  tags: ['Tickets'],
  request: { params: NumberParams },
  responses: { 200: json(Timeline, 'The timeline') },
})
const asMarkdown = route('ticket.read', {
  method: 'get',
  path: '/tickets/{number}/timeline.md',
  summary: 'The same as Markdown; what people wrote stands in it as plain text',
  tags: ['Tickets'],
  request: { params: NumberParams },
  responses: {
    200: { description: 'The timeline', content: { 'text/markdown': { schema: z.string() } } },
  },
})

export const exportRoutes: Resource = (app, { db }) => {
  const read = async (reader: Parameters<typeof readTicket>[1], asked: string): Promise<Timeline> => {
    const found = await findTicket(db, reader, asked)
    const { number, title, state, priority } = await readTicket(db, reader, asked)
    const lines = await linesOf(db, reader, found, { order: 'newest', limit: MOST })
    const items = lines.map(({ ticket_id: _of, ...line }) => line)
    return {
      number,
      title,
      state,
      priority,
      exported_at: (await readNow(db)).toISOString(),
      truncated: items.length > MOST,
      items: items.slice(0, MOST).toReversed(),
    }
  }
  const file = (number: string, end: string) => `attachment; filename="${number}-timeline.${end}"`

  app.openapi(asJson, async (c) => {
    const timeline = await read(c.get('reader'), c.req.valid('param').number)
    c.header('content-disposition', file(timeline.number, 'json'))
    return c.json(timeline, 200)
  })
  app.openapi(asMarkdown, async (c) => {
    const timeline = await read(c.get('reader'), c.req.valid('param').number)
    return c.body(markdownOf(timeline), 200, {
      'content-type': 'text/markdown; charset=utf-8',
      'content-disposition': file(timeline.number, 'md'),
    })
  })
}

const minute = (at: string | Date) => new Date(at).toISOString().slice(0, 16).replace('T', ' ')

function markdownOf({ number, title, state, priority, exported_at, truncated, items }: Timeline): string {
  const head = [
    `# ${plain(`${number} ${title}`)}`,
    `${priority}, ${plain(state.replaceAll('_', ' '))}. As of ${minute(exported_at)} UTC; all times are UTC.`,
    ...(truncated ? [`Only the newest ${MOST} lines.`] : []),
  ]
  return `${[...head, ...items.map(lineOf)].join('\n\n')}\n`
}

function lineOf(told: z.infer<typeof Line>): string {
  const { at, actor, verb, subject, before, after, names, message, moved_to } = told
  const who = actor.name ?? actor.kind
  const what = subject.kind === 'ticket' ? verb : `${subject.kind} ${verb}`
  const changes = changesOf(before, after, names)
  const line = `**${minute(at)}** ${plain(who)}: ${plain(what.replaceAll(/[_-]/g, ' '))}${changes && ` (${changes})`}`
  if (moved_to) return `${line}, split off to ${moved_to.number ?? 'another ticket'}`
  if (!message) return line
  const named = message.update ? [message.update.title, message.update.affected, ''].join('\n') : ''
  return `${line}\n\n${quoted(`${named}${message.body}`)}`
}

/** "priority: P3 → P1, assignee: Ada": codes and names; what only an id would tell is left out. */
function changesOf(before: unknown, after: unknown, names: Record<string, string>): string {
  const [was, is] = [before, after].map((row) => (row ?? {}) as Record<string, unknown>)
  const word = (value: unknown) => {
    if (typeof value !== 'string') return typeof value === 'number' ? String(value) : undefined
    return (
      names[value] ?? (/^[0-9a-f]{8}-[0-9a-f-]{27}$/.test(value) ? undefined : value.replaceAll('_', ' '))
    )
  }
  return Object.keys(is!)
    .flatMap((key) => {
      const [from, to] = [word(was![key]), word(is![key])]
      if (to === undefined || from === to) return []
      const name = plain(key.replace(/_id$/, '').replaceAll('_', ' '))
      return [from === undefined ? `${name}: ${plain(to)}` : `${name}: ${plain(from)} → ${plain(to)}`]
    })
    .join(', ')
}
