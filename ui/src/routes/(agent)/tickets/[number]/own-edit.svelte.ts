import { page } from '$app/state'
import { attempt } from '#lib/api/attempt.ts'
import { api } from '#lib/api/client.ts'
import { isProblem } from '#lib/api/problem.ts'
import { Submission } from '#lib/form/submission.svelte.ts'
import { toasts } from '#lib/frame/toasts.svelte.ts'
import { m } from '#lib/paraglide/messages.js'
import type { TicketPage } from '#lib/ticket/ticket-page.ts'
import { heldHere, holdHere, letGo } from '#lib/ticket/unkept.ts'

/** What was seen when the editing began. */
interface Seen<Draft> {
  number: string
  revision: number
  before: Draft
}
type Held<Draft> = Seen<Draft> & { draft: Draft; at: string }

const isSame = (one: unknown, other: unknown) => JSON.stringify(one) === JSON.stringify(other)

/**
 * The editing of what a ticket's kind has of its own. What was begun stays as it was seen, and is held in the browser
 * until it is saved; where somebody else saved the same part meanwhile, theirs is shown beside it, and saving again is a
 * choice. Make one while its component is.
 */
export class OwnEdit<Draft extends Record<string, unknown>> {
  draft = $state<Draft>()
  theirs = $state.raw<Draft>()
  /** When it was written, where it was begun before. */
  restored = $state<string | undefined>()
  submission = new Submission()
  #part: 'problem' | 'change'
  #draftOf: (ticket: TicketPage) => Draft
  #sent: (edit: Record<string, unknown>, draft: Draft) => Record<string, unknown>
  #person = (page.data.me as { person: { id: string } } | null | undefined)?.person.id ?? ''
  #seen: Seen<Draft> | undefined

  /** `sent`: what the API takes for an edit of the draft, where that is not the same. */
  constructor(
    part: 'problem' | 'change',
    draftOf: (ticket: TicketPage) => Draft,
    sent: (edit: Record<string, unknown>, draft: Draft) => Record<string, unknown> = (edit) => edit,
  ) {
    this.#part = part
    this.#draftOf = draftOf
    this.#sent = sent
    $effect(() => this.#hold($state.snapshot(this.draft) as Draft | undefined))
  }

  begin(ticket: TicketPage): void {
    if (this.#seen) return
    const { number, revision } = ticket
    const held = heldHere<Held<Draft>>(this.#person, this.#pathOf(number))
    this.#seen = held ?? { number, revision, before: this.#draftOf(ticket) }
    this.draft = held?.draft ?? this.#draftOf(ticket)
    this.restored = held?.at
  }

  /** The form goes away; what was written in it is there when it comes again. */
  end(): void {
    this.#seen = undefined
    this.draft = undefined
    this.theirs = undefined
  }

  discard(ticket: TicketPage): void {
    letGo(this.#person, this.#pathOf(ticket.number))
    this.end()
    this.begin(ticket)
  }

  #pathOf(number: string): string {
    return `/tickets/${number}/${this.#part}`
  }

  #hold(draft: Draft | undefined): void {
    const seen = this.#seen
    if (!seen || !draft) return
    const path = this.#pathOf(seen.number)
    if (isSame(draft, seen.before)) letGo(this.#person, path)
    else
      holdHere<Held<Draft>>(this.#person, path, {
        ...seen,
        draft,
        at: this.restored ?? new Date().toISOString(),
      })
  }

  /** Sends what differs from what was seen. True once it is saved; `settled` after it was taken back. */
  async save(settled: () => unknown): Promise<boolean> {
    const seen = this.#seen
    const draft = $state.snapshot(this.draft) as Draft | undefined
    if (!seen || !draft) return false
    const changed = Object.keys(draft).filter((key) => !isSame(seen.before[key], draft[key]))
    const patch = (to: Draft, revision: number) => {
      const edit = Object.fromEntries(changed.map((key) => [key, to[key] === '' ? null : to[key]]))
      const body = { [this.#part]: this.#sent(edit, to) }
      return api.patch<TicketPage>(`/tickets/${seen.number}`, body, { 'if-match': `"${revision}"` })
    }
    const saved = await this.submission.send(
      async () => (changed.length > 0 ? patch(draft, seen.revision) : seen),
      (problem) => {
        if (!isProblem(problem, 412)) return undefined
        const current = problem.problem.current as TicketPage
        this.theirs = this.#draftOf(current)
        // What was seen goes on as theirs, so that the next saving is against it.
        this.#seen = { number: seen.number, revision: current.revision, before: this.theirs }
        this.#hold(draft)
        return m.plan_conflict()
      },
    )
    if (!saved) return false
    letGo(this.#person, this.#pathOf(seen.number))
    this.end()
    const undo = async () => {
      await attempt(() => patch(seen.before, saved.revision))
      await settled()
    }
    toasts.show(m.common_saved(), { tone: 'good', ...(saved !== seen && { undo }) })
    return true
  }
}
