import { api } from '#lib/api/client.ts'
import type { List, Ref } from '#lib/api/types.ts'
import { m } from '#lib/paraglide/messages.js'
import { namesAsked, namesPerson } from './named-people.ts'
import type { Source } from './write-area.svelte'

type Box = 'reply' | 'note'

/** People by their names after an `@`, as one writes on a ticket. */
export class Mentions {
  /** Whom somebody chose, where several have a name. */
  #chosen = new Map<string, string>()
  #number: string

  constructor(number: string) {
    this.#number = number
  }

  source(box: Box): Source {
    return {
      find: async (q, signal) => {
        const found = await this.#find(q, box, signal)
        return found.map(({ id, name, reads }) => ({
          id,
          label: name,
          refused: !reads,
          hint: reads ? undefined : m.mention_cannot_read(),
        }))
      },
      take: ({ id, label }) => {
        this.#chosen.set(label, id)
        return `@${label} `
      },
    }
  }

  /** Ids of those whom a text names: chosen, typed by hand, or from a draft. Those who may not read it among them: it is said. */
  async in(text: string, box: Box): Promise<string[]> {
    const found = (await Promise.all(namesAsked(text).map((q) => this.#find(q, box)))).flat()
    const named = found.filter(({ name }) => namesPerson(text, name))
    const ids = named.map(({ id, name }) => this.#chosen.get(name) ?? id)
    return [...new Set(ids)]
  }

  async #find(q: string, box: Box, signal?: AbortSignal): Promise<(Ref & { reads: boolean })[]> {
    const query = { q, in: box }
    const { items } = await api.get<List<Ref & { reads: boolean }>>(
      `/tickets/${this.#number}/mentionable`,
      query,
      signal,
    )
    return items
  }
}
