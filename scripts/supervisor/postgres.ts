import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { type EmbeddedPostgres, startEmbeddedPostgres } from '@tocsin/db/embedded'
import type { Logger } from '@tocsin/db/process/log'

/** The embedded PostgreSQL, started again on its port whenever it dies. */
export async function keepPostgres(dataFolder: string, log: Logger) {
  const dir = join(dataFolder, 'postgres')
  let server = await startEmbeddedPostgres({ dir, log })
  let stopping = false
  const { url, ownerUrl, port } = server

  const again = async (): Promise<EmbeddedPostgres | undefined> => {
    while (!stopping) {
      try {
        return await startEmbeddedPostgres({ dir, log, port })
      } catch (error) {
        log.error({ err: error }, 'PostgreSQL does not start, trying again')
        await pause(1_000)
      }
    }
    return undefined
  }
  const watch = async () => {
    for (;;) {
      await server.exited
      if (stopping) return
      log.warn('PostgreSQL died, starting it again')
      const next = await again()
      if (next === undefined) return
      server = next
      log.info('PostgreSQL is back')
    }
  }
  const watched = watch()
  const stop = async () => {
    stopping = true
    await server.stop()
    await watched
    await server.stop()
  }
  return { url, ownerUrl, stop }
}
