type Kind = 'reply' | 'note'

/** What somebody began to write on a ticket: kept in this browser until it is sent. */
export class Draft {
  kept = $state(false)
  #texts = $state<Record<Kind, string>>({ reply: '', note: '' })
  #number: string

  constructor(number: string) {
    this.#number = number
    if (typeof localStorage === 'undefined') return
    for (const kind of ['reply', 'note'] as const)
      this.#texts[kind] = localStorage.getItem(this.#key(kind)) ?? ''
    this.kept = this.#texts.reply !== '' || this.#texts.note !== ''
  }

  text(kind: Kind): string {
    return this.#texts[kind]
  }

  set(kind: Kind, text: string): void {
    this.#texts[kind] = text
    this.kept = text !== ''
    if (text) localStorage.setItem(this.#key(kind), text)
    else localStorage.removeItem(this.#key(kind))
  }

  #key(kind: Kind): string {
    return `tocsin-draft-${this.#number}-${kind}`
  }
}
