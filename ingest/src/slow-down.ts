import { setTimeout as pause } from 'node:timers/promises'

const WAIT_MS = 250
// Beyond so many at once they go on as they come: waiting is memory.
const MOST = 2_000
let waiting = 0

/** A moment, for whoever sends too fast and would ask again at once: on a connection, four times a second. */
export async function slowDown(): Promise<void> {
  if (waiting >= MOST) return
  waiting += 1
  await pause(WAIT_MS)
  waiting -= 1
}
