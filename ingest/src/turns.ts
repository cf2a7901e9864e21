import { type Crowd, crowd } from './flood.ts'

/** A request's time at the door. */
export interface Turn {
  /** One of a flood beside others: what is kept of it goes along in the next commit of another. */
  patient: boolean
  /** Called when it is answered. */
  leave: () => void
}

export interface Turns {
  /** Counts one that came, also where it is not let in. */
  came: Crowd['came']
  /** Answers at once where nobody need wait; `late`: more waits than is of use to anybody. */
  enter: (integrationId: string, bytes: number) => Turn | 'late' | Promise<Turn | 'late'>
}

// While another integration is at the door: so many of one are parsed, committed and answered at a time, or so many
// bytes of it, or one that is larger. The next of anybody else finds the process free and a commit that is short.
const MOST = 8
const MOST_BYTES = 262_144
// What waits is memory.
const WAITING_BYTES = 67_108_864
// Who has not been seen for so long is not held up by anybody.
const CALM_MS = 1_000
const LATE_MS = 1_000

interface Waiting {
  bytes: number
  since: number
  begin: (turn: Turn | 'late') => void
}
interface Line {
  underWay: number
  bytes: number
  waiting: Waiting[]
}

/**
 * Lets a flood of one integration in a few at a time, in its own order, before anything of its bodies is parsed;
 * alone at the door it may have all of it.
 */
export function turns(clock: () => number = () => performance.now()): Turns {
  const lines = new Map<string, Line>()
  const { came, floods } = crowd(clock)
  let latest = { id: '', at: -Infinity }
  let anotherAt = -Infinity
  let waitingBytes = 0

  const see = (id: string) => {
    if (id !== latest.id) anotherAt = latest.at
    latest = { id, at: clock() }
  }
  const contested = (id: string) => clock() - (id === latest.id ? anotherAt : latest.at) < CALM_MS
  const fits = (id: string, line: Line, bytes: number) =>
    !contested(id) || line.underWay === 0 || (line.underWay < MOST && line.bytes + bytes <= MOST_BYTES)

  const begin = (id: string, line: Line, bytes: number): Turn => {
    line.underWay += 1
    line.bytes += bytes
    const leave = () => {
      line.underWay -= 1
      line.bytes -= bytes
      while (line.waiting.length > 0 && fits(id, line, line.waiting[0]!.bytes)) {
        const next = line.waiting.shift()!
        waitingBytes -= next.bytes
        next.begin(clock() - next.since > LATE_MS ? 'late' : begin(id, line, next.bytes))
      }
      if (line.underWay === 0) lines.delete(id)
    }
    return { patient: contested(id) && floods(id), leave }
  }
  return {
    came,
    enter: (id, bytes) => {
      see(id)
      let line = lines.get(id)
      if (!line) lines.set(id, (line = { underWay: 0, bytes: 0, waiting: [] }))
      const { waiting } = line
      if (waiting.length === 0 && fits(id, line, bytes)) return begin(id, line, bytes)
      if (waitingBytes + bytes > WAITING_BYTES) return 'late'
      waitingBytes += bytes
      return new Promise((resolve) => waiting.push({ bytes, since: clock(), begin: resolve }))
    },
  }
}
