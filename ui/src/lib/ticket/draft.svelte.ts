import { page } from '$app/state'
import { api } from '#lib/api/client.ts'
import { isProblem } from '#lib/api/problem.ts'
import type { List } from '#lib/api/types.ts'
import type { ReviewText } from '#lib/review/types.ts'
import { heldHere, holdHere, letGo, type Unkept } from './unkept.ts'

export type Box = 'reply' | 'note' | 'solution' | ReviewText

/** What the desk has kept of what one began to write on a ticket. */
export interface KeptDraft {
  box: Box
  body: string
  version: string
  kept_at: string
}

export const readDrafts = (number: string): Promise<KeptDraft[]> =>
  api.get<List<KeptDraft>>(`/tickets/${number}/drafts`).then(
    ({ items }) => items,
    () => [],
  )

/** How long somebody pauses before what they wrote is kept; who never pauses has it kept all the same. */
const pause = 800
const longest = 3000
/** After which what could not be kept is tried again. */
const retry = 5000

/**
 * What somebody writes in one box of a ticket. The desk keeps it after a pause, for them alone: it is there in
 * another browser too, until it is sent or discarded. Where they wrote something else in a second window, both show.
 * What the desk cannot be given is held in this browser, and given to it on the next visit.
 */
export class Draft {
  text = $state('')
  /** When it was kept, where it comes from an earlier visit. */
  restored = $state<string | undefined>()
  keptAt = $state<string | undefined>()
  /** The last attempt to keep it failed; it is tried again. */
  failed = $state(false)
  elsewhere = $state.raw<KeptDraft | undefined>()
  #path: string
  #person = (page.data.me as { person: { id: string } } | null | undefined)?.person.id ?? ''
  #version: string | undefined
  #timer: ReturnType<typeof setTimeout> | undefined
  /** When what is written is kept, however one writes on. */
  #latest: number | undefined
  #keeping: Promise<void> | undefined

  constructor(number: string, box: Box, kept: readonly KeptDraft[] = []) {
    this.#path = `/tickets/${number}/drafts/${box}`
    const mine = kept.find((one) => one.box === box)
    if (mine) {
      this.text = mine.body
      this.restored = mine.kept_at
      this.keptAt = mine.kept_at
      this.#version = mine.version
    }
    const held = heldHere(this.#person, this.#path)
    if (held && held.body !== mine?.body) this.#takeUp(held, mine)
    else if (held) letGo(this.#person, this.#path)
  }

  /** What was held here while the desk was away. */
  #takeUp(held: Unkept, mine: KeptDraft | undefined): void {
    this.text = held.body
    this.restored = held.at
    if (mine && mine.version !== held.version) this.elsewhere = mine
    else this.#soon(0)
  }

  /** The desk holds something of it. */
  get kept(): boolean {
    return this.keptAt !== undefined
  }

  /** It goes with what is sent; what was written in another window does not. */
  get goes(): boolean {
    return this.kept && !this.elsewhere
  }

  write(text: string): void {
    this.text = text
    this.restored = undefined
    // Before one has chosen, the desk has no place for it.
    if (this.elsewhere) return this.#holdHere()
    this.#latest ??= Date.now() + longest
    this.#soon(Math.max(0, Math.min(pause, this.#latest - Date.now())))
  }

  /** Nothing is under way any more: what is sent now is all there is. */
  async settle(): Promise<void> {
    this.#cancel()
    await this.#keeping
  }

  /** Kept now, whatever the pause: what is sent may be refused. */
  async hold(): Promise<void> {
    if (this.#timer === undefined) return this.#keeping
    this.#cancel()
    await this.#keep()
  }

  /** It was sent, and the desk let go of it with that. */
  sent(): void {
    this.#cancel()
    this.#forget()
  }

  async discard(): Promise<void> {
    await this.settle()
    const { kept } = this
    this.#forget()
    if (kept) await api.delete(this.#path)
  }

  /** Of two texts, the one that stays: this one, or what was written in the other window. */
  choose(which: 'this' | 'other'): void {
    const other = this.elsewhere
    if (!other) return
    this.elsewhere = undefined
    letGo(this.#person, this.#path)
    this.#version = other.version
    this.keptAt = other.kept_at
    if (which === 'other') this.text = other.body
    else this.#soon(0)
  }

  /** The page goes away: what was written last goes on its way without it. */
  leave(): void {
    if (this.failed || (this.#timer !== undefined && !navigator.onLine)) this.#holdHere()
    if (this.#timer === undefined) return
    this.#cancel()
    const body = this.#said
    void fetch(`/api/v1${this.#path}`, {
      method: body ? 'PUT' : 'DELETE',
      headers: { 'content-type': 'application/json' },
      body,
      // A browser lets little go on after the page.
      keepalive: (body?.length ?? 0) < 20_000,
    }).catch(() => undefined)
  }

  #holdHere(): void {
    const { text: body } = this
    if (body.trim() === '') letGo(this.#person, this.#path)
    else holdHere(this.#person, this.#path, { body, version: this.#version, at: new Date().toISOString() })
  }

  get #said(): string | undefined {
    if (this.text.trim() === '') return undefined
    return JSON.stringify({ body: this.text, ...(this.#version && { seen_version: this.#version }) })
  }

  #soon(after: number): void {
    this.#cancel()
    this.#timer = setTimeout(() => void this.#keep(), after)
  }

  #cancel(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
  }

  async #keep(): Promise<void> {
    this.#timer = undefined
    this.#latest = undefined
    await this.#keeping
    const said = this.#said
    this.#keeping = (said ? this.#put(said) : this.#drop()).finally(() => (this.#keeping = undefined))
    await this.#keeping
  }

  async #put(said: string): Promise<void> {
    try {
      const kept = await api.put<KeptDraft>(this.#path, JSON.parse(said))
      this.#version = kept.version
      this.keptAt = kept.kept_at
      letGo(this.#person, this.#path)
      this.failed = false
    } catch (error) {
      this.#holdHere()
      if (isProblem(error, 412)) this.elsewhere = error.problem.current as KeptDraft
      else {
        this.failed = true
        // Whoever is signed out, or asks too much, tries again when they write on.
        if (!isProblem(error) || error.status >= 500) this.#soon(retry)
      }
    }
  }

  async #drop(): Promise<void> {
    if (!this.kept) return
    await api.delete(this.#path).then(
      () => this.#forget(),
      () => undefined,
    )
  }

  #forget(): void {
    letGo(this.#person, this.#path)
    this.text = ''
    this.restored = undefined
    this.keptAt = undefined
    this.failed = false
    this.elsewhere = undefined
    this.#version = undefined
  }
}

/** Lets drafts be kept when their page goes away. Call it during component initialisation. */
export function keepOnLeaving(drafts: () => readonly Draft[]): void {
  $effect(() => {
    const current = drafts()
    const leave = () => {
      for (const draft of current) draft.leave()
    }
    addEventListener('pagehide', leave)
    return () => {
      removeEventListener('pagehide', leave)
      leave()
    }
  })
}
