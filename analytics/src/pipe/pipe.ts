import type { Db } from '@tocsin/db'
import type { Logger } from '@tocsin/db/process'
import { lastPlace } from '@tocsin/db'
import type { Store } from '../store/store.ts'
import { type Batch, inSnapshot, isEmpty, readBatch, writeBatch } from './batch.ts'
import { asOnlyPipe, type Copied, readCopied, readCursor, recordIdentity } from './place.ts'
import { rebuildStore } from './rebuild.ts'
import { type Hours, storedHours } from './tallies.ts'

export interface Pipe {
  /** Copies what is new; rebuilds first where the store does not belong to the record. */
  catchUp: () => Promise<{ changed: boolean; rebuilt: boolean }>
  /** Fills the store anew from the record. */
  rebuild: () => Promise<number>
  /** Reads the whole rest in one snapshot, lets `read` look at the record in it, copies, then lets `check` look at the store. */
  meet: <T, R>(
    read: (snapshot: Parameters<Parameters<typeof inSnapshot>[1]>[0], batch: Batch) => Promise<T>,
    check: (read: T, batch: Batch) => Promise<R>,
  ) => Promise<R | undefined>
  /** How far the store has come; undefined before the first fill and during a rebuild. */
  copied: () => Copied | undefined
}

/** The pipe from the record to the store. Its steps run one after another; only one process of a record has one running. */
export function createPipe(db: Db, store: Store, log: Logger): Pipe {
  let copied: Copied | undefined
  let hours: Hours | undefined
  let turn: Promise<unknown> = Promise.resolve()
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const mine = turn.then(work, work)
    turn = mine.catch(() => undefined)
    return mine
  }

  const fill = async (why: string): Promise<number> => {
    copied = undefined
    hours = undefined
    log.info({ why }, 'filling the store from the record')
    const record = await recordIdentity(db)
    const { place, asOf, rows } = await rebuildStore(db, store, record, (so) =>
      log.debug({ rows: so }, 'filling'),
    )
    hours = await storedHours(store)
    copied = { record, place, asOf }
    log.info({ rows, place }, 'filled the store from the record')
    return rows
  }

  /** Why what the store holds cannot be continued, if so. */
  const mismatch = async (cursor: number | undefined): Promise<string | undefined> => {
    if (cursor === undefined) return 'the record asks for it'
    // Another process may have been the pipe since.
    if (!copied || copied.place < cursor) copied = await readCopied(store)
    if (!copied) return 'the store is empty'
    if (copied.record !== (await recordIdentity(db))) return 'the store was filled from another record'
    if (copied.place < cursor) return 'the store has lost what was copied'
    if (copied.place > (await lastPlace(db))) return 'the record has been set back'
    return undefined
  }

  const apply = async (batch: Batch): Promise<void> => {
    const { record } = copied!
    if (!isEmpty(batch)) await writeBatch(db, store, record, batch)
    for (const [hour, total] of batch.hours) hours!.set(hour, total)
    copied = { record, place: batch.place, asOf: batch.asOf }
  }

  const catchUp = async () => {
    let changed = false
    let rebuilt = false
    const why = await mismatch(await readCursor(db))
    if (why) {
      await fill(why)
      changed = rebuilt = true
    }
    hours ??= await storedHours(store)
    for (;;) {
      const batch = await inSnapshot(db, async (snapshot) =>
        readBatch(snapshot, { after: (await readCursor(snapshot)) ?? 0, hours: hours! }),
      )
      await apply(batch)
      changed ||= !isEmpty(batch)
      if (batch.lines === 0) return { changed, rebuilt }
    }
  }

  return {
    copied: () => copied,
    catchUp: () =>
      inTurn(async () => {
        const mine = await asOnlyPipe(db, catchUp)
        if (!mine) copied = await readCopied(store)
        return mine ?? { changed: false, rebuilt: false }
      }),
    rebuild: () => inTurn(async () => (await asOnlyPipe(db, () => fill('asked by a person'))) ?? 0),
    meet: (read, check) =>
      inTurn(() =>
        asOnlyPipe(db, async () => {
          await catchUp()
          // Sums as they really lie in the store, not as remembered.
          hours = await storedHours(store)
          const { batch, seen } = await inSnapshot(db, async (snapshot) => {
            const after = (await readCursor(snapshot)) ?? 0
            const rest = await readBatch(snapshot, { after, hours: hours!, whole: true })
            return { batch: rest, seen: await read(snapshot, rest) }
          })
          await writeBatch(db, store, copied!.record, batch)
          for (const [hour, total] of batch.hours) hours!.set(hour, total)
          copied = { record: copied!.record, place: batch.place, asOf: batch.asOf }
          return check(seen, batch)
        }),
      ),
  }
}
