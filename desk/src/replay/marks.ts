import type { Entry, Page } from './journal.ts'
import { nameOf } from './standing.ts'

// Decisions are in the order of their locks, which is not quite that of their instants.
const TOLERANCE_MS = 5_000

interface Mark {
  at: number
  /** What it had waited for; null: it was called before its time. */
  due: number | null
}

/**
 * When time acted in the record, read ahead of the replay: a due time that the record too has acted on is acted on at
 * that place of the order, and any other as soon as it comes.
 */
export class Marks {
  readonly #marks = new Map<string, Mark[]>()

  add({ entries, steps }: Page): void {
    for (const entry of entries) this.#take(entry)
    for (const { ticketId, cycle, position, dueAt, at } of steps)
      this.#mark(`step ${ticketId} ${cycle} ${position}`, { at, due: dueAt })
  }

  #take(entry: Entry): void {
    if (entry.kind === 'decision')
      for (const [key, due] of entry.head.overdue)
        this.#mark(`alert ${nameOf(entry.head.integration_id, key)}`, { at: entry.at, due })
    else if (entry.kind === 'line' && entry.line.verb === 'resolve' && entry.line.why?.rule === 'recovery')
      this.#mark(`recovery ${entry.line.subject.id}`, {
        at: entry.at,
        due: Date.parse(String(entry.line.why.due_at)),
      })
  }

  #mark(name: string, mark: Mark): void {
    const known = this.#marks.get(name)
    if (known) known.push(mark)
    else this.#marks.set(name, [mark])
  }

  /** Whether the record acts on this due time, now or later. */
  has(name: string, due: number, now: number): boolean {
    return (
      this.#marks
        .get(name)
        ?.some((mark) => mark.at >= now - TOLERANCE_MS && (mark.due === due || mark.due === null)) ?? false
    )
  }

  forget(before: number): void {
    for (const [name, marks] of this.#marks) {
      const left = marks.filter(({ at }) => at >= before)
      if (left.length === 0) this.#marks.delete(name)
      else if (left.length < marks.length) this.#marks.set(name, left)
    }
  }
}
