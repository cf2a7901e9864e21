import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createPipe, migrateStore, openStore, type Pipe, type Store } from '@tocsin/analytics'
import type { Db } from '@tocsin/db'
import { placeActivity } from '@tocsin/desk'
import { pino } from 'pino'

export type TestFigures = {
  /** The pipe's own connection. */
  store: Store
  pipe: Pipe
  /** Places what waits, then copies it. */
  follow: () => Promise<void>
  /** A pipe that knows nothing of what the first one did, as after a restart. */
  restarted: () => Pipe
  /** A pipe into another store, such as one that may be away. */
  pipeInto: (other: Store) => Pipe
  close: () => Promise<void>
}

/** An embedded ClickHouse in a folder of its own. A process has one open at a time: close it at the file's end. */
export async function figuresOf(db: Db): Promise<TestFigures> {
  const folder = await mkdtemp(join(tmpdir(), 'tocsin-test-figures-'))
  const store = openStore({ folder })
  await migrateStore(store)
  const log = pino({ level: 'silent' })
  const pipe = createPipe(db, store, log)
  const follow = async () => {
    while ((await placeActivity(db)) > 0);
    await pipe.catchUp()
  }
  const close = async () => {
    await store.close()
    await rm(folder, { recursive: true, force: true })
  }
  const pipeInto = (other: Store) => createPipe(db, other, log)
  return { store, pipe, follow, restarted: () => createPipe(db, store, log), pipeInto, close }
}
