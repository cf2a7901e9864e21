import { describe, expect, test } from 'vitest'
import { DeskError } from '../activity/index.ts'
import { decideMajor, isTold, type MajorMove, majorMoves, type MajorState } from './lifecycle.ts'

const STATES = [null, 'candidate', 'declared', 'rejected'] as const
const MOVES = ['propose', 'declare', 'hand', 'reject'] as const

// What is not listed is refused, and everything once the ticket has ended.
const ALLOWED: [MajorState | null, MajorMove, MajorState][] = [
  [null, 'propose', 'candidate'],
  ['candidate', 'declare', 'declared'],
  ['candidate', 'reject', 'rejected'],
  ['declared', 'hand', 'declared'],
  ['declared', 'reject', 'rejected'],
  ['rejected', 'propose', 'candidate'],
]
const every = STATES.flatMap((major) =>
  MOVES.flatMap((move) => [true, false].map((open) => [major, move, open] as const)),
)

describe('a major incident', () => {
  test.each(every)('that is %s, asked to %s, its ticket open: %s', (major, move, open) => {
    const [, , leads] = (open && ALLOWED.find(([from, step]) => from === major && step === move)) || []
    const incident = { kind: 'incident', open, major }
    if (leads) expect(decideMajor(incident, move)).toBe(leads)
    else expect(() => decideMajor(incident, move)).toThrow(DeskError)
    expect(majorMoves(incident).includes(move)).toBe(leads !== undefined)
  })

  test.each(['request', 'problem', 'change'])('is never a %s', (kind) => {
    expect(() => decideMajor({ kind, open: true, major: null }, 'propose')).toThrow(/Only an incident/)
    expect(majorMoves({ kind, open: true, major: null })).toEqual([])
  })

  test.each(STATES)('that is %s is told of outside while it is declared and not closed', (major) => {
    const told = ['new', 'in_progress', 'pending', 'resolved', 'closed', 'cancelled'].filter((state) =>
      isTold({ state, major }),
    )
    expect(told).toEqual(major === 'declared' ? ['new', 'in_progress', 'pending', 'resolved'] : [])
  })
})
