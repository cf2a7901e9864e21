export type TicketKind = 'incident' | 'request' | 'problem' | 'change'
export type ChangeType = 'standard' | 'normal' | 'emergency'
/** Whose lifecycle it is: a change has three, by its type. */
export type Life = 'incident' | 'request' | 'problem' | ChangeType

export type TicketState =
  | 'new'
  | 'in_progress'
  | 'pending'
  | 'fixing'
  | 'assess'
  | 'authorize'
  | 'scheduled'
  | 'implement'
  | 'review'
  | 'resolved'
  | 'closed'
  | 'cancelled'
export type Move =
  | 'acknowledge'
  | 'start'
  | 'pend'
  | 'resume'
  | 'fix'
  | 'assess'
  | 'authorize'
  | 'schedule'
  | 'implement'
  | 'review'
  | 'revise'
  | 'resolve'
  | 'close'
  | 'reopen'
  | 'cancel'
  | 'merge'

/** What a move asks for, by the path under which people give it; `approval` and `review` are given elsewhere. */
export type Need =
  | 'reason'
  | 'outcome'
  | 'service_id'
  | 'problem.root_cause'
  | 'change.risk'
  | 'change.implementation_plan'
  | 'change.backout_plan'
  | 'change.planned_start'
  | 'change.planned_end'
  | 'approval'
  | 'review'

export interface Rule {
  from: TicketState[]
  /** `same` keeps the state. */
  to: TicketState | 'same'
  /** Where it is done already: nothing changes, and it is no error. */
  done?: TicketState[]
  needs?: Need[]
  /** `answer`: everybody at its desk, on call too. `work`: those who plan and assign. */
  who: 'answer' | 'work'
  /** What of its checklist must be done comes before, where a person takes the step. */
  finishes?: true
  /** Its requester may as well. */
  requester?: true
}
export type Lifecycles = Record<Life, Partial<Record<Move, Rule>>>

const OPEN: TicketState[] = ['new', 'in_progress', 'pending']

const incident: Partial<Record<Move, Rule>> = {
  acknowledge: { from: OPEN, to: 'same', who: 'answer' },
  start: { from: ['new', 'pending'], to: 'in_progress', done: ['in_progress'], who: 'answer' },
  pend: { from: OPEN, to: 'pending', needs: ['reason'], who: 'answer' },
  resume: { from: ['pending'], to: 'in_progress', done: ['in_progress'], who: 'answer' },
  resolve: { from: OPEN, to: 'resolved', done: ['resolved'], who: 'answer', finishes: true },
  // Of a major incident, and if the setting says so; else there is nothing to review.
  close: { from: ['resolved'], to: 'closed', done: ['closed'], needs: ['review'], who: 'answer' },
  reopen: { from: ['resolved', 'closed'], to: 'in_progress', who: 'answer', requester: true },
  cancel: { from: OPEN, to: 'cancelled', done: ['cancelled'], who: 'answer', requester: true },
  merge: { from: [...OPEN, 'resolved'], to: 'closed', who: 'work' },
}

/** Like an incident, but what needs a yes is not carried out without: what it asks for, its item or the desk said. */
const request: Partial<Record<Move, Rule>> = {
  ...incident,
  resolve: { ...incident.resolve!, needs: ['approval'] },
}

// A problem is looked into, then fixed: neither without its cause, and closed only once it has stayed quiet.
const problem: Partial<Record<Move, Rule>> = {
  acknowledge: { from: [...OPEN, 'fixing'], to: 'same', who: 'answer' },
  start: { from: ['new', 'pending', 'fixing'], to: 'in_progress', done: ['in_progress'], who: 'answer' },
  pend: { from: [...OPEN, 'fixing'], to: 'pending', needs: ['reason'], who: 'answer' },
  resume: { from: ['pending'], to: 'in_progress', done: ['in_progress'], who: 'answer' },
  fix: { from: OPEN, to: 'fixing', done: ['fixing'], needs: ['problem.root_cause'], who: 'answer' },
  resolve: {
    from: [...OPEN, 'fixing'],
    to: 'resolved',
    done: ['resolved'],
    needs: ['problem.root_cause'],
    who: 'work',
    finishes: true,
  },
  close: { from: ['resolved'], to: 'closed', done: ['closed'], who: 'work' },
  reopen: { from: ['resolved', 'closed'], to: 'in_progress', who: 'work' },
  cancel: { from: [...OPEN, 'fixing'], to: 'cancelled', done: ['cancelled'], who: 'work' },
  merge: { from: [...OPEN, 'fixing', 'resolved'], to: 'closed', who: 'work' },
}

const PLANNED: Need[] = [
  'service_id',
  'change.risk',
  'change.implementation_plan',
  'change.backout_plan',
  'change.planned_start',
  'change.planned_end',
]
const carriedOut: Partial<Record<Move, Rule>> = {
  implement: { from: ['scheduled'], to: 'implement', done: ['implement'], who: 'work' },
  review: { from: ['implement'], to: 'review', done: ['review'], who: 'work', finishes: true },
}
/** What has not begun may still be given up, or go on in another. */
const givenUp = (...from: TicketState[]): Partial<Record<Move, Rule>> => ({
  cancel: { from, to: 'cancelled', done: ['cancelled'], who: 'work' },
  merge: { from, to: 'closed', who: 'work' },
})

/** New → Assess → Authorize → Scheduled → Implement → Review → Closed. */
const normal: Partial<Record<Move, Rule>> = {
  assess: { from: ['new'], to: 'assess', done: ['assess'], who: 'work' },
  authorize: { from: ['assess'], to: 'authorize', done: ['authorize'], needs: PLANNED, who: 'work' },
  schedule: {
    from: ['authorize'],
    to: 'scheduled',
    done: ['scheduled'],
    needs: [...PLANNED, 'approval'],
    who: 'work',
  },
  ...carriedOut,
  revise: { from: ['authorize', 'scheduled'], to: 'assess', done: ['assess'], who: 'work' },
  close: { from: ['review'], to: 'closed', done: ['closed'], needs: ['outcome'], who: 'work' },
  ...givenUp('new', 'assess', 'authorize', 'scheduled'),
}

/** Approved once and for all: planned, and done. */
const standard: Partial<Record<Move, Rule>> = {
  schedule: { from: ['new'], to: 'scheduled', done: ['scheduled'], needs: PLANNED, who: 'work' },
  ...carriedOut,
  revise: { from: ['scheduled'], to: 'new', done: ['new'], who: 'work' },
  close: { from: ['review'], to: 'closed', done: ['closed'], needs: ['outcome'], who: 'work' },
  ...givenUp('new', 'scheduled'),
}

/** Cannot wait for the approval: that may follow, but it does not close without one. */
const emergency: Partial<Record<Move, Rule>> = {
  authorize: {
    from: ['new'],
    to: 'authorize',
    done: ['authorize'],
    needs: ['service_id', 'change.implementation_plan', 'change.planned_start', 'change.planned_end'],
    who: 'work',
  },
  schedule: { from: ['authorize'], to: 'scheduled', done: ['scheduled'], who: 'work' },
  ...carriedOut,
  revise: { from: ['authorize', 'scheduled'], to: 'new', done: ['new'], who: 'work' },
  close: { from: ['review'], to: 'closed', done: ['closed'], needs: ['outcome', 'approval'], who: 'work' },
  ...givenUp('new', 'authorize', 'scheduled'),
}

/** The lives of the four kinds: from which states a move is allowed, where it leads, what it needs and who may. */
export const LIFECYCLES: Lifecycles = { incident, request, problem, standard, normal, emergency }
