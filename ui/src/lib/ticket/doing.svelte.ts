import { attempt } from '#lib/api/attempt.ts'
import { freshId } from '#lib/api/fresh-id.ts'
import { isProblem } from '#lib/api/problem.ts'
import type { Ref, State, TicketLine } from '#lib/api/types.ts'
import { toasts } from '#lib/frame/toasts.svelte.ts'
import { m } from '#lib/paraglide/messages.js'
import { labelText } from '#lib/text/label.ts'
import type { ActionName } from './actions.ts'
import { type BulkResult, type BulkWish, changeMany, undoMany, whole } from './bulk.ts'
import type { StatusChoice } from './ticket-page.ts'
import * as verbs from './verbs.ts'
import { pendingWord, stateWord } from './words.ts'

type Question = 'assign' | 'resolve' | 'pend' | 'cancel' | 'outcome' | 'authorize'

// Steps that ask for nothing beside, and where they lead.
const steps: Partial<Record<ActionName, State>> = {
  fix: 'fixing',
  assess: 'assess',
  schedule: 'scheduled',
  implement: 'implement',
  review: 'review',
  revise: 'assess',
}
type Changes = Partial<TicketLine>

interface Asked {
  what: Question
  tickets: readonly TicketLine[]
  /** The status that is to come with the step. */
  status?: StatusChoice
  /** What the desk wants to be told before, by the key of the question. */
  unanswered?: Record<string, string>
}

/** Which questions were refused, with the words. */
function unansweredIn(error: unknown): Record<string, string> | undefined {
  if (!isProblem(error, 422)) return undefined
  const told = Object.entries(error.fields).flatMap(([path, message]) =>
    path.startsWith('fields.') ? [[path.slice('fields.'.length), message] as const] : [],
  )
  return told.length > 0 ? Object.fromEntries(told) : undefined
}
// Steps to a status that have to ask something first.
const asking: Partial<Record<string, Question>> = { pend: 'pend', resolve: 'resolve', cancel: 'cancel' }

/** A status belongs to its state: who leaves that without naming another leaves it. */
const leaving = (ticket: TicketLine, changes: Changes): Changes =>
  changes.state && changes.state !== ticket.state ? { ...changes, status: changes.status ?? null } : changes

/** Those with which it went well. What one alone is refused is told in the desk's words; of many, how many were. */
async function through(
  tickets: readonly TicketLine[],
  call: (ticket: TicketLine) => Promise<unknown>,
  isTold?: () => boolean,
): Promise<TicketLine[]> {
  const [only] = tickets
  if (only && tickets.length === 1)
    return (await attempt(() => call(only).then(() => true), isTold)) ? [only] : []
  const went = await verbs.forEach(tickets, call)
  const failed = tickets.length - went.length
  if (failed > 0) toasts.show(m.tickets_failed_many({ count: failed }), { tone: 'bad' })
  return went
}

/** How a list or page shows at once what was asked for, before the desk has answered. */
export interface Showing {
  /** Applies changes to what is on screen; returns how to take them back. */
  show: (number: string, changes: Changes) => () => void
  /** After the desk has answered, well or badly. */
  settled: (numbers: readonly string[]) => unknown
}

/**
 * Doing things to one ticket or many: asks what must be asked, shows the effect at once, tells the outcome,
 * and offers to take it back where the desk can.
 */
export class Doing {
  question = $state.raw<Asked | undefined>()
  #showing: Showing

  constructor(showing: Showing) {
    this.#showing = showing
  }

  /** Begins an action; those that need an answer open their dialog. */
  begin(action: Exclude<ActionName, 'reply' | 'note'>, tickets: readonly TicketLine[]): void {
    if (tickets.length === 0) return
    if (action === 'assign' || action === 'resolve' || action === 'pend' || action === 'cancel') {
      this.question = { what: action, tickets }
      return
    }
    if (action === 'authorize') {
      this.question = { what: 'authorize', tickets }
      return
    }
    if (action === 'close' && tickets.some(({ kind }) => kind === 'change')) {
      this.question = { what: 'outcome', tickets }
      return
    }
    const leads = steps[action]
    if (leads) {
      void this.#run(tickets, {
        call: ({ number }) => verbs.step(number, action),
        changes: () => ({ state: leads }),
        done: (number) => m.done_moved({ number, state: stateWord(leads) }),
      })
      return
    }
    const simple = {
      acknowledge: {
        call: verbs.acknowledge,
        changes: { state: 'in_progress', acknowledged_at: new Date().toISOString() },
        done: m.tickets_done_acknowledge,
      },
      resume: { call: verbs.resume, changes: { state: 'in_progress' }, done: m.tickets_done_resume },
      close: { call: verbs.close, changes: { state: 'closed' }, done: m.tickets_done_close },
      reopen: { call: verbs.reopen, changes: { state: 'in_progress' }, done: m.tickets_done_reopen },
    } as const
    const { call, changes, done } = simple[action as keyof typeof simple]
    const keepsState = (ticket: TicketLine) => action === 'acknowledge' && ticket.state !== 'new'
    void this.#run(tickets, {
      call: (ticket) => call(ticket.number),
      changes: (ticket) => (keepsState(ticket) ? { ...changes, state: ticket.state } : changes),
      done: (number) => done({ number }),
      ...(action === 'resume' && {
        undo: ({ number, pending_reason }) => verbs.pend(number, pending_reason ?? undefined),
      }),
    })
  }

  /** Gives a ticket a status, with the step that leads to its state; null takes it away. */
  status(ticket: TicketLine, choice: StatusChoice | null): void {
    const move = choice?.move
    const concludes = move === 'close' && ticket.kind === 'change'
    const what = concludes ? 'outcome' : move ? asking[move] : undefined
    if (choice && what && !choice.pending_reason) {
      this.question = { what, tickets: [ticket], status: choice }
      return
    }
    void this.#run([ticket], {
      call: ({ number }) =>
        choice && move ? verbs.step(number, move, choice.id) : verbs.status(number, choice?.id ?? null),
      changes: () => ({
        status: choice,
        ...(choice && { state: choice.state }),
        ...(choice?.pending_reason && { pending_reason: choice.pending_reason }),
      }),
      done: (number) =>
        choice ? m.done_status({ number, status: labelText(choice.name) }) : m.done_status_none({ number }),
      ...(!choice?.move && {
        undo: ({ number, status }) => verbs.status(number, status?.id ?? null),
      }),
    })
  }

  assign(tickets: readonly TicketLine[], to: { person?: Ref | null; team?: Ref }): Promise<void> {
    const { person, team } = to
    const made = new Map<string, number>()
    return this.#run(tickets, {
      call: async ({ number }) => {
        const whom = team ? { team_id: team.id } : { assignee_id: person?.id ?? null }
        const now = await verbs.assign(number, whom)
        if ('revision' in now) made.set(number, now.revision)
      },
      changes: () => (team ? { team, assignee: null } : { assignee: person ?? null }),
      done: (number) => {
        const name = team?.name ?? person?.name
        return name ? m.tickets_done_assign({ number, name }) : m.tickets_done_unassign({ number })
      },
      undo: ({ number, assignee, team: before }) =>
        verbs.assign(number, {
          assignee_id: assignee?.id ?? null,
          team_id: before?.id ?? null,
          // Whom somebody else gave it to since, keeps it.
          if_revision: made.get(number),
        }),
    })
  }

  resolve(
    tickets: readonly TicketLine[],
    said: {
      reply?: string
      note?: string
      parts?: boolean
      discard_draft?: boolean
      fields?: Record<string, unknown>
    },
  ): Promise<void> {
    const asked = this.question
    const { status } = asked ?? {}
    return this.#run(tickets, {
      call: ({ number }) =>
        verbs
          .resolve(number, { ...said, ...(status && { status_id: status.id }) })
          .catch((error: unknown) => {
            const unanswered = tickets.length === 1 ? unansweredIn(error) : undefined
            if (unanswered) this.question = { what: 'resolve', tickets, status, unanswered }
            throw error
          }),
      changes: () => ({ state: 'resolved', ...(status && { status }), due_at: null }),
      done: (number) => m.tickets_done_resolve({ number }),
      undo: ({ number }) => verbs.reopen(number),
    })
  }

  /** `until`: past that instant it counts as stalled. */
  pend(tickets: readonly TicketLine[], reason: string, until?: string): Promise<void> {
    const { status } = this.question ?? {}
    return this.#run(tickets, {
      call: ({ number }) => verbs.pend(number, reason, status?.id, until),
      changes: () => ({
        state: 'pending',
        ...(status && { status }),
        pending_reason: reason,
        pending_until: until ?? null,
      }),
      done: (number) => m.tickets_done_pend({ number, reason: pendingWord(reason) }),
      undo: ({ number }) => verbs.resume(number),
    })
  }

  /** Closes changes, with how they ended. */
  conclude(tickets: readonly TicketLine[], outcome: string): Promise<void> {
    const { status } = this.question ?? {}
    return this.#run(tickets, {
      call: ({ number }) => verbs.close(number, outcome, status?.id),
      changes: () => ({ state: 'closed', ...(status && { status }) }),
      done: (number) => m.tickets_done_close({ number }),
    })
  }

  cancel(tickets: readonly TicketLine[]): Promise<void> {
    const { status } = this.question ?? {}
    return this.#run(tickets, {
      call: ({ number }) => verbs.cancel(number, status?.id),
      changes: () => ({ state: 'cancelled', ...(status && { status }), due_at: null }),
      done: (number) => m.tickets_done_cancel({ number }),
    })
  }

  /** Sets a field as it is set of many at once, so it can be taken back; `value`: its words. */
  set(ticket: TicketLine, wish: BulkWish, changes: Changes, value: string): Promise<void> {
    let made: BulkResult | undefined
    return this.#run([ticket], {
      call: async ({ number, revision }) => {
        made = whole(await changeMany({ tickets: [{ number, revision }] }, wish, freshId()))
      },
      changes: () => changes,
      done: (number) => m.done_set({ number, value }),
      undo: async () => made && whole(await undoMany(made)),
    })
  }

  async #run(
    tickets: readonly TicketLine[],
    deed: {
      call: (ticket: TicketLine) => Promise<unknown>
      changes: (ticket: TicketLine) => Changes
      done: (number: string) => string
      undo?: (before: TicketLine) => Promise<unknown>
    },
  ): Promise<void> {
    this.question = undefined
    const numbers = tickets.map(({ number }) => number)
    const before = tickets.map((ticket) => ({ ...ticket }))
    const takeBack = new Map(
      tickets.map((ticket) => [
        ticket.number,
        this.#showing.show(ticket.number, leaving(ticket, deed.changes(ticket))),
      ]),
    )
    // What it asks stands in its dialog.
    const went = await through(before, deed.call, () => this.question !== undefined)
    for (const { number } of before)
      if (!went.some((ticket) => ticket.number === number)) takeBack.get(number)?.()
    this.#tell(went, deed)
    await this.#showing.settled(numbers)
  }

  #tell(
    went: readonly TicketLine[],
    deed: { done: (number: string) => string; undo?: (before: TicketLine) => Promise<unknown> },
  ): void {
    const { undo } = deed
    const back = undo
      ? async () => {
          await through(went, undo)
          await this.#showing.settled(went.map(({ number }) => number))
        }
      : undefined
    const [first] = went
    if (first && went.length === 1) toasts.show(deed.done(first.number), { tone: 'good', undo: back })
    else if (first) toasts.show(m.tickets_done_many({ count: went.length }), { tone: 'good', undo: back })
  }
}
