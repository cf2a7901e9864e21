import { z } from '@hono/zod-openapi'
import {
  actorOf,
  attachFiles,
  DeskError,
  dropDrafts,
  findAttachment,
  keepFile,
  type KeptFile,
  MAX_FILES,
  previewOf,
  readAttachment,
  readHead,
  showsAs,
  transact,
} from '@tocsin/desk'
import type { Resource } from '../context.ts'
import { readMultipart } from '../multipart.ts'
import { Id, IdParams, json, route, upload } from '../route.ts'
import { findTicket } from './tickets/find.ts'
import { NumberParams } from './tickets/schema.ts'

const File = z
  .object({ id: Id, name: z.string(), content_type: z.string(), size: z.number() })
  .openapi('File')
const Files = z.object({ items: z.array(File) })
const limitText = `At most ${MAX_FILES} files a request, 25 MB each.`

const tags = ['Attachments']
const draft = route('ticket.create', {
  method: 'post',
  path: '/attachments',
  summary: 'Send files before the ticket or message that will name them; unused they go after a day',
  description: limitText,
  ...upload(MAX_FILES),
  tags,
  request: {},
  responses: { 201: json(Files, 'Kept') },
})
const attach = route('ticket.comment', {
  method: 'post',
  path: '/tickets/{number}/attachments',
  summary: 'Send files to a ticket. From the desk they are internal unless `visibility=public`',
  description: limitText,
  ...upload(MAX_FILES),
  tags,
  request: {
    params: NumberParams,
    query: z.object({ visibility: z.enum(['public', 'internal']).optional() }),
  },
  responses: { 201: json(Files, 'Attached') },
})
const download = route('ticket.read', {
  method: 'get',
  path: '/attachments/{id}',
  summary: 'Download a file; `inline=1` to look at it where that is safe: a raster image, or plain text',
  tags,
  request: { params: IdParams, query: z.object({ inline: z.enum(['1', 'true']).optional() }) },
  responses: {
    200: { description: 'The file', content: { 'application/octet-stream': { schema: z.string() } } },
  },
})
export const attachmentRoutes: Resource = (app, { db }) => {
  /** Keeps every file of the request, or none. */
  const receive = async (request: Request, uploaderId: string) => {
    const files: KeptFile[] = []
    try {
      const fields = await readMultipart(request, MAX_FILES, async (file) => {
        files.push(await keepFile(db, { uploaderId, ...file }))
      })
      if (files.length === 0) throw new DeskError('invalid', 'There is no file in the request.')
      return { files, fields }
    } catch (error) {
      await dropDrafts(
        db,
        files.map((file) => file.id),
      )
      throw error
    }
  }

  app.openapi(draft, async (c) => {
    const { files } = await receive(c.req.raw, c.get('reader').person.id)
    return c.json({ items: files }, 201)
  })

  app.openapi(attach, async (c) => {
    const reader = c.get('reader')
    const ticket = await findTicket(db, reader, c.req.valid('param').number)
    if (!ticket.workable && !ticket.own)
      throw new DeskError('forbidden', 'Only its requester and those who work on it may add files.')
    const { files, fields } = await receive(c.req.raw, reader.person.id)
    const asked = c.req.valid('query').visibility ?? fields.get('visibility')
    const visibility = !ticket.workable || asked === 'public' ? 'public' : 'internal'
    const attachmentIds = files.map((file) => file.id)
    await transact(db, actorOf(reader), (tx) =>
      attachFiles(tx, { ticketId: ticket.id, attachmentIds, visibility }),
    )
    return c.json({ items: files }, 201)
  })

  app.openapi(download, async (c) => {
    const file = await findAttachment(db, c.get('reader'), c.req.valid('param').id)
    const preview = c.req.valid('query').inline === undefined ? null : previewOf(file)
    const inline = preview !== null && showsAs(preview, file, await readHead(db, file.id))
    const shown = preview === 'text' ? 'text/plain; charset=utf-8' : file.content_type
    // Whatever a file claims to be, a browser is told to save it; only what its bytes make safe is shown.
    return c.body(readAttachment(db, file.id), 200, {
      'content-type': inline ? shown : 'application/octet-stream',
      'content-length': String(file.size),
      'content-disposition': `${inline ? 'inline' : 'attachment'}; ${headerFileName(file.name)}`,
      'content-security-policy': "default-src 'none'; sandbox",
      'cross-origin-resource-policy': 'same-origin',
      'x-content-type-options': 'nosniff',
    })
  })
}

/** RFC 6266: a plain form for old clients, the real name beside it. */
function headerFileName(name: string): string {
  const plain = name.replace(/[^\x20-\x7e]|["\\%]/g, '_')
  const encoded = encodeURIComponent(name).replace(
    /['()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16)}`,
  )
  return `filename="${plain}"; filename*=UTF-8''${encoded}`
}
