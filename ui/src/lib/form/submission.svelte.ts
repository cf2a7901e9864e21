import { tellProblem } from '#lib/api/attempt.ts'
import { type ApiProblem, isProblem } from '#lib/api/problem.ts'

/**
 * The state of one form on its way to the API: busy while it runs, and the API's 422 messages by field path.
 * The API is the validator; the page only shows what it said.
 */
export class Submission {
  busy = $state(false)
  errors = $state.raw<Record<string, string>>({})
  /** What concerns the form as a whole. */
  message = $state('')

  /** Runs the call once at a time; answers undefined when it failed and the fields say why. */
  async send<T>(
    call: () => Promise<T>,
    onProblem?: (problem: ApiProblem) => string | undefined,
  ): Promise<T | undefined> {
    if (this.busy) return undefined
    this.busy = true
    this.errors = {}
    this.message = ''
    try {
      return await call()
    } catch (error) {
      if (!isProblem(error)) tellProblem(error)
      else this.#show(error, onProblem?.(error))
      return undefined
    } finally {
      this.busy = false
    }
  }

  /** Shows what the page itself can tell without asking. */
  refuse(errors: Record<string, string>): void {
    this.errors = errors
    this.#focusFirst()
  }

  #show(error: ApiProblem, words: string | undefined): void {
    this.errors = error.fields
    if (words) this.message = words
    else if (Object.keys(this.errors).length === 0) this.message = error.message
    else this.#focusFirst()
  }

  #focusFirst(): void {
    requestAnimationFrame(() => document.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus())
  }
}
