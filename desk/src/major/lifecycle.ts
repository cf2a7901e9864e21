import { DeskError } from '../activity/index.ts'

export type MajorState = 'candidate' | 'declared' | 'rejected'
export type MajorMove = 'propose' | 'declare' | 'hand' | 'reject'

/** From where which step leads where. Nobody declares what nobody proposed; a declaration made in error is rejected too. */
const MAJOR: Record<MajorState | 'none', Partial<Record<MajorMove, MajorState>>> = {
  none: { propose: 'candidate' },
  candidate: { declare: 'declared', reject: 'rejected' },
  declared: { hand: 'declared', reject: 'rejected' },
  rejected: { propose: 'candidate' },
}

const STANDS: Record<MajorState | 'none', string> = {
  none: 'It was not proposed as a major incident.',
  candidate: 'It is proposed as a major incident already.',
  declared: 'It is declared a major incident already.',
  rejected: 'It was rejected as a major incident: propose it again first.',
}

/** What an incident becomes by a step; throws `conflict` with what stands in its way. */
export function decideMajor(
  incident: { kind: string; open: boolean; major: MajorState | null },
  move: MajorMove,
): MajorState {
  if (incident.kind !== 'incident')
    throw new DeskError('conflict', 'Only an incident can be a major incident.')
  const to = MAJOR[incident.major ?? 'none'][move]
  if (!to)
    throw new DeskError('conflict', STANDS[incident.major ?? 'none'], { current: { major: incident.major } })
  if (!incident.open) throw new DeskError('conflict', 'The incident has ended. Reopen it first.')
  return to
}

/** The steps that an incident can take now. */
export const majorMoves = (incident: {
  kind: string
  open: boolean
  major: MajorState | null
}): MajorMove[] =>
  incident.kind === 'incident' && incident.open
    ? (Object.keys(MAJOR[incident.major ?? 'none']) as MajorMove[])
    : []

/** Whether people outside the desk are told of it: while it is declared, and once more when it is solved. */
export const isTold = ({ state, major }: { state: string; major: MajorState | null }): boolean =>
  major === 'declared' && state !== 'closed' && state !== 'cancelled'
