import { createHash } from 'node:crypto'
import type { Db } from '@tocsin/db'
import { sql } from 'kysely'
import { DeskError } from '../../activity/index.ts'
import { contentTypeOf, safeFileName } from './name.ts'

const MAX_FILE = 25 * 1024 * 1024
export const MAX_FILES = 20
const CHUNK = 256 * 1024
const MAX_DRAFTS = 60

export interface KeptFile {
  id: string
  name: string
  content_type: string
  size: number
}

/**
 * Keeps a file while it arrives, a chunk at a time, as a draft of its uploader that no ticket shows yet. No
 * transaction stays open over a slow sender; what is cut off half-way goes again. `too_large` beyond 25 MiB.
 */
export async function keepFile(
  db: Db,
  input: { uploaderId: string; name: string; contentType: string; bytes: AsyncIterable<Buffer> },
): Promise<KeptFile> {
  const id = await beginDraft(db, input.uploaderId, safeFileName(input.name))
  try {
    const hash = createHash('sha256')
    let size = 0
    let position = 0
    let head: Buffer = Buffer.alloc(0)
    for await (const data of chunksOf(input.bytes)) {
      size += data.length
      if (size > MAX_FILE) throw new DeskError('too_large', 'A file may hold 25 MB at most.')
      if (position === 0) head = data.subarray(0, 16)
      hash.update(data)
      await db.insertInto('attachment_chunk').values({ attachment_id: id, position, data }).execute()
      position++
    }
    const contentType = contentTypeOf(head, input.contentType)
    return await db
      .updateTable('attachment')
      .set({ size, sha256: hash.digest(), content_type: contentType })
      .where('id', '=', id)
      .returning(['id', 'name', 'content_type', 'size'])
      .executeTakeFirstOrThrow()
  } catch (error) {
    await dropDrafts(db, [id])
    throw error
  }
}

async function beginDraft(db: Db, uploaderId: string, name: string): Promise<string> {
  const { rows } = await sql<{ id: string }>`
    insert into attachment (uploader_id, name, content_type, size, sha256, visibility, created_at)
    select ${uploaderId}, ${name}, 'application/octet-stream', 0, '', 'internal', tocsin_now()
    where (select count(*) from attachment where uploader_id = ${uploaderId} and ticket_id is null) < ${MAX_DRAFTS}
    returning id`.execute(db)
  if (rows[0]) return rows[0].id
  throw new DeskError('limited', 'Too many files wait to be sent. Send or wait a while, then go on.', {
    retryAfter: 600,
  })
}

/** Takes away files that never came to stand in a ticket. */
export async function dropDrafts(db: Db, ids: string[]): Promise<void> {
  if (ids.length === 0) return
  await db.deleteFrom('attachment').where('id', 'in', ids).where('ticket_id', 'is', null).execute()
}

/** Drafts that a day has passed over: their senders went away. Answers how many there were. */
export async function sweepDrafts(db: Db): Promise<number> {
  const { rows } = await sql`
    delete from attachment where id in (
      select id from attachment where ticket_id is null and created_at < (select tocsin_now()) - interval '1 day' limit 100)
    returning id`.execute(db)
  return rows.length
}

async function* chunksOf(bytes: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let held: Buffer[] = []
  let length = 0
  for await (const part of bytes) {
    held.push(part)
    length += part.length
    if (length < CHUNK) continue
    const whole = Buffer.concat(held)
    let from = 0
    for (; from + CHUNK <= whole.length; from += CHUNK) yield whole.subarray(from, from + CHUNK)
    held = [whole.subarray(from)]
    length = whole.length - from
  }
  if (length > 0) yield Buffer.concat(held)
}
