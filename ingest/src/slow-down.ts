import { setTimeout as pause } from 'node:timers/promises'

const LEAST_MS = 125
const MOST_MS = 375
// Beyond so many at once they go on as they come: waiting is memory.
const MOST = 2_000
let waiting = 0

/** A moment, for whoever sends too fast and would ask again at once: on a connection, four times a second. */
export async function slowDown(): Promise<void> {
  if (waiting >= MOST) return
  waiting += 1
  // Not all alike: they would come again together, and whoever comes then waits for all of them.
  await pause(LEAST_MS + Math.random() * (MOST_MS - LEAST_MS))
  waiting -= 1
}
