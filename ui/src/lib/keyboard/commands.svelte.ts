import { type Component, untrack } from 'svelte'

/** One thing that can be done here: by its keys, or from the palette. */
export interface Command {
  id: string
  label: string
  section: 'go' | 'here' | 'ticket' | 'list' | 'me'
  /** "a", "shift+x", or a sequence as "g t". */
  keys?: string
  icon?: Component<{ size?: number; 'aria-hidden'?: 'true' }>
  /** More words that the palette finds it by. */
  words?: string[]
  /** Kept out of the palette: movements make no sense there. */
  keyOnly?: boolean
  /** Another key for what stands in the help already. */
  alias?: boolean
  run: () => unknown
}

class Commands {
  // The list itself is plain: a page that leaves and a page that comes change it in the same breath, and a key
  // must find what is true now. The version tells the palette and the help that it changed.
  #groups: { id: symbol; commands: readonly Command[] }[] = []
  #version = $state(0)

  /** Everything on offer, the innermost part of the page first: its keys win. */
  get all(): readonly Command[] {
    void this.#version
    return this.#groups.toReversed().flatMap((group) => group.commands)
  }

  add(commands: readonly Command[]): () => void {
    const id = Symbol('commands')
    this.#groups = [...this.#groups, { id, commands }]
    this.#changed()
    return () => {
      this.#groups = this.#groups.filter((group) => group.id !== id)
      this.#changed()
    }
  }

  #changed(): void {
    untrack(() => (this.#version += 1))
  }
}

export const commands = new Commands()

/** Offers commands while the calling component lives; call it during its initialisation. */
export function offer(make: () => readonly Command[]): void {
  $effect.pre(() => commands.add(make()))
}
