import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connect, type Db } from '@tocsin/db'
import { startEmbeddedPostgres } from '@tocsin/db/embedded'
import { migrate } from '@tocsin/db/migrate'
import { createLog } from '@tocsin/db/process'

export interface OwnPostgres {
  db: Db
  url: string
  ownerUrl: string
  pid: number
  /** Of this run alone; it goes with it. */
  folder: string
}

/** Measures over a durable PostgreSQL of its own, migrated and empty, of which nothing is left afterwards. */
export async function overPostgres<T>(measure: (own: OwnPostgres) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'tocsin-bench-'))
  const log = createLog('bench', 'silent')
  const server = await startEmbeddedPostgres({ dir: folder, log })
  await migrate(server.ownerUrl, { log, serviceUrl: server.url })
  const db = connect(server.url, { max: 6 })
  try {
    return await measure({ db, url: server.url, ownerUrl: server.ownerUrl, pid: server.pid, folder })
  } finally {
    await db.destroy()
    await server.stop()
    await rm(folder, { recursive: true, force: true })
  }
}
