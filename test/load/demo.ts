import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Db } from '@tocsin/db'
import { seedDemo } from '@tocsin/db/demo'
import { createLog } from '@tocsin/db/process'
import {
  addWorking,
  createApiKey,
  decideClock,
  hashPassword,
  mintKey,
  SYSTEM,
  SYSTEMS,
  transact,
  whoIsOn,
} from '@tocsin/desk'

/** The demo organisation with its two years; its people come to stand in `demo.json` of the folder. */
export const loadDemo = (ownerUrl: string, folder: string): Promise<unknown> =>
  seedDemo({
    ownerUrl,
    dataFolder: folder,
    appUrl: '',
    ingestUrl: '',
    systems: SYSTEMS,
    rules: { addWorking, decideClock, whoIsOn, hashPassword, mintKey: () => mintKey('toc') },
    log: createLog('bench', 'silent'),
  })

/** A key of somebody of that role in the demo that lies in the folder. */
export async function keyOf(db: Db, folder: string, role: string): Promise<string> {
  const { people } = JSON.parse(await readFile(join(folder, 'demo.json'), 'utf8')) as {
    people: { role: string; email: string }[]
  }
  const { id } = await db
    .selectFrom('person')
    .select('id')
    .where('email', '=', people.find((one) => one.role === role)!.email)
    .executeTakeFirstOrThrow()
  return (await transact(db, SYSTEM, (tx) => createApiKey(tx, { ownerId: id, name: 'bench' }))).key
}
