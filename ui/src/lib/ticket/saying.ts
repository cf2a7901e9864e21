import { freshId } from '#lib/api/fresh-id.ts'
import { isProblem } from '#lib/api/problem.ts'
import { type Beside, say } from './verbs.ts'

type Kind = 'reply' | 'note'

/**
 * What somebody says on a ticket. Where no answer came, nobody knows whether it was heard: pressed again, it goes as it
 * went before, under the same key, and is said once.
 */
export class Saying {
  #unanswered: { what: string; beside: Beside; key: string } | undefined

  /**
   * `beside` is asked for what goes with it when it goes for the first time; `files` tell one time from another. Answers
   * `again` where it may have been heard before: what was kept of it as a draft since is not gone with it.
   */
  async send(
    number: string,
    kind: Kind,
    body: string,
    files: readonly (File | string)[],
    beside: () => Promise<Beside>,
  ): Promise<'first' | 'again'> {
    const what = JSON.stringify([number, kind, body, files.map(fileWord)])
    const before = this.#unanswered?.what === what ? this.#unanswered : undefined
    const now = before ?? { what, beside: await beside(), key: freshId() }
    this.#unanswered = now
    try {
      await say(number, kind, body, now.beside, now.key)
    } catch (error) {
      // What is refused in words was not said.
      if (isProblem(error) && error.status < 500) this.#unanswered = undefined
      throw error
    }
    this.#unanswered = undefined
    return before ? 'again' : 'first'
  }
}

const fileWord = (file: File | string) =>
  typeof file === 'string' ? file : [file.name, file.size, file.lastModified]
