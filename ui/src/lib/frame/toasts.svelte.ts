import { m } from '#lib/paraglide/messages.js'

export interface Toast {
  id: number
  message: string
  tone: 'plain' | 'good' | 'bad'
  undo?: () => unknown
  /** Where it leads. */
  href?: string
  /** A second line: a request id, the reason. */
  detail?: string
  /** Where it is about. */
  link?: { href: string; label: string }
}

const shownFor = { plain: 6000, good: 6000, bad: 12_000 }
/** What can be taken back waits until one has seen what one did. */
const shownForUndo = 12_000

class Toasts {
  shown = $state.raw<readonly Toast[]>([])
  #next = 0

  show(message: string, options: Partial<Omit<Toast, 'id' | 'message'>> = {}): void {
    const toast: Toast = { id: this.#next++, message, tone: 'plain', ...options }
    this.shown = [...this.shown.slice(-3), toast]
    setTimeout(() => this.dismiss(toast.id), toast.undo ? shownForUndo : shownFor[toast.tone])
  }

  dismiss(id: number): void {
    this.shown = this.shown.filter((toast) => toast.id !== id)
  }

  /** Takes back the last thing that can be taken back (key z). */
  undoLast(): void {
    const last = this.shown.findLast((toast) => toast.undo)
    if (!last) return this.show(m.undo_nothing())
    this.dismiss(last.id)
    void last.undo?.()
  }
}

export const toasts = new Toasts()
