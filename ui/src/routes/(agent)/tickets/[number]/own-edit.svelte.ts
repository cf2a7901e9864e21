import { api } from '#lib/api/client.ts'
import { isProblem } from '#lib/api/problem.ts'
import { Submission } from '#lib/form/submission.svelte.ts'
import { toasts } from '#lib/frame/toasts.svelte.ts'
import { m } from '#lib/paraglide/messages.js'
import type { TicketPage } from '#lib/ticket/ticket-page.ts'

/**
 * The editing of what a ticket's kind has of its own. What was begun stays as it was seen; where somebody else saved
 * the same part meanwhile, theirs is shown beside it, and saving again is a choice.
 */
export class OwnEdit<Draft extends Record<string, unknown>> {
  draft = $state<Draft>()
  theirs = $state.raw<Draft>()
  submission = new Submission()
  #part: 'problem' | 'change'
  #draftOf: (ticket: TicketPage) => Draft
  #sent: (edit: Record<string, unknown>, draft: Draft) => Record<string, unknown>
  #seen: TicketPage | undefined

  /** `sent`: what the API takes for an edit of the draft, where that is not the same. */
  constructor(
    part: 'problem' | 'change',
    draftOf: (ticket: TicketPage) => Draft,
    sent: (edit: Record<string, unknown>, draft: Draft) => Record<string, unknown> = (edit) => edit,
  ) {
    this.#part = part
    this.#draftOf = draftOf
    this.#sent = sent
  }

  begin(ticket: TicketPage): void {
    if (this.#seen) return
    this.#seen = ticket
    this.draft = this.#draftOf(ticket)
  }

  end(): void {
    this.#seen = undefined
    this.draft = undefined
    this.theirs = undefined
  }

  /** Sends what differs from what was seen. True once it is saved. */
  async save(): Promise<boolean> {
    const seen = this.#seen
    const draft = this.draft
    if (!seen || !draft) return false
    const before = this.#draftOf(seen)
    const same = (key: string) => JSON.stringify(before[key]) === JSON.stringify(draft[key])
    const edit = Object.fromEntries(
      Object.entries(draft)
        .filter(([key]) => !same(key))
        .map(([key, value]) => [key, value === '' ? null : value]),
    )
    const saved = await this.submission.send(
      async () => {
        if (Object.keys(edit).length > 0)
          await api.patch(
            `/tickets/${seen.number}`,
            { [this.#part]: this.#sent(edit, draft) },
            { 'if-match': `"${seen.revision}"` },
          )
        return true
      },
      (problem) => {
        if (!isProblem(problem, 412)) return undefined
        const current = problem.problem.current as TicketPage
        this.theirs = this.#draftOf(current)
        // What was seen goes on as theirs, so that the next saving is against it.
        this.#seen = current
        return m.plan_conflict()
      },
    )
    if (!saved) return false
    this.end()
    toasts.show(m.common_saved(), { tone: 'good' })
    return true
  }
}
