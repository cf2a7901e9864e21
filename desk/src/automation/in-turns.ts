import { setImmediate as others } from 'node:timers/promises'

/** Slow conditions over many lines take seconds: after each such turn, whatever else the process has to do goes first. */
const TURN_MS = 20

/** The same, one after the other, in turns with whatever else the process does. */
export async function* inTurns<One>(all: Iterable<One>): AsyncGenerator<One, void, undefined> {
  let begun = performance.now()
  for (const one of all) {
    yield one
    if (performance.now() - begun < TURN_MS) continue
    // oxlint-disable-next-line no-await-in-loop -- that is what it is for
    await others()
    begun = performance.now()
  }
}
