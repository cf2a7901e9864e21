import type { Db } from '@tocsin/db'
import { sql } from 'kysely'
import { found } from '../../activity/index.ts'
import { type Reader, ticketVisible, ticketWorkable } from '../../auth/index.ts'
import { type KeptFile } from './keep.ts'

/** A file that the reader may see: by its ticket, and internal ones as those who work on it. Else `not_found`. */
export async function findAttachment(db: Db, reader: Reader, id: string): Promise<KeptFile> {
  const { rows } = await sql<KeptFile>`
    select f.id, f.name, f.content_type, f.size
    from attachment f join ticket t on t.id = f.ticket_id
    where f.id = ${id} and f.erased_at is null and ${ticketVisible(reader)}
      and (f.visibility = 'public' or ${ticketWorkable(reader)})`.execute(db)
  return found(rows[0], 'file')
}

/** The bytes of a file, read as fast as they are taken. */
export function readAttachment(db: Db, id: string): ReadableStream<Uint8Array> {
  let position = 0
  return new ReadableStream({
    async pull(controller) {
      const chunk = await db
        .selectFrom('attachment_chunk')
        .select('data')
        .where('attachment_id', '=', id)
        .where('position', '=', position++)
        .executeTakeFirst()
      if (chunk) controller.enqueue(chunk.data)
      else controller.close()
    },
  })
}

/** What a file begins with: enough to know what it is. */
export async function readHead(db: Db, id: string): Promise<Buffer> {
  const { rows } = await sql<{ head: Buffer }>`
    select substring(data from 1 for 65536) as head from attachment_chunk
    where attachment_id = ${id} and position = 0`.execute(db)
  return rows[0]?.head ?? Buffer.alloc(0)
}
