import { refreshAll } from '$app/navigation'
import { attempt } from '#lib/api/attempt.ts'
import { api } from '#lib/api/client.ts'
import { Submission } from '#lib/form/submission.svelte.ts'
import { toasts } from '#lib/frame/toasts.svelte.ts'
import { m } from '#lib/paraglide/messages.js'

export interface DraftRule {
  id: string
  name: string
  enabled: boolean
  when: string
}
/** What is published as one: the rules in their order, and what stands beside them. */
export interface RuleBody {
  rules: DraftRule[]
}
export interface Published {
  version: number
  published_at: string | null
}

interface Terms<Body extends RuleBody, Version extends Body & Published> {
  /** Where it is read and published. */
  path: string
  inForce: () => Version
  bodyOf: (version: Version) => Body
  saidPublished: (version: number) => string
}

/** Rules as somebody changes them, from the version in force until they are published. */
export class RulesDraft<Body extends RuleBody, Version extends Body & Published> {
  // What the draft was written from stays put while others publish: the API then tells of the conflict.
  base: Version
  body: Body
  note = $state('')
  openRule = $state<string>()
  dragged = $state<string>()
  publishing = $state(false)
  /** A rule that somebody is to find under their hands: its name, or its line. */
  wanted = $state.raw<{ rule: string; part: 'name' | 'line' }>()
  /** For who cannot see rules move. */
  said = $state('')
  readonly submission = new Submission()
  readonly terms: Terms<Body, Version>
  readonly changed: boolean

  constructor(terms: Terms<Body, Version>) {
    const copyOf = (version: Version) => structuredClone(terms.bodyOf(version))
    this.terms = terms
    this.base = $state.raw(terms.inForce())
    this.body = $state(copyOf(terms.inForce()))
    this.changed = $derived(JSON.stringify(this.body) !== JSON.stringify(terms.bodyOf(this.base)))
  }

  begin(): void {
    this.base = this.terms.inForce()
    this.body = structuredClone(this.terms.bodyOf(this.base))
    this.submission.errors = {}
    this.note = ''
  }

  add(rule: Body['rules'][number]): void {
    this.body.rules.push(rule)
    this.openRule = rule.id
    this.wanted = { rule: rule.id, part: 'name' }
  }

  remove(place: number): void {
    const [rule] = this.body.rules.splice(place, 1)
    if (!rule) return
    this.said = m.rules_removed({ name: rule.name })
    toasts.show(this.said, { undo: () => this.#putBack(rule, place) })
    const next = this.body.rules[place] ?? this.body.rules.at(-1)
    if (next) this.wanted = { rule: next.id, part: 'line' }
  }

  #putBack(rule: Body['rules'][number], place: number): void {
    if (this.body.rules.some(({ id }) => id === rule.id)) return
    this.body.rules.splice(place, 0, rule)
    this.wanted = { rule: rule.id, part: 'line' }
  }

  move(from: number, to: number): void {
    const [rule] = this.body.rules.splice(from, 1)
    if (!rule) return
    this.body.rules.splice(to, 0, rule)
    this.said = m.rules_moved({ name: rule.name, place: to + 1 })
  }

  /** The rule that is dragged takes this place. */
  dragOver(place: number): void {
    const from = this.body.rules.findIndex(({ id }) => id === this.dragged)
    if (from >= 0 && from !== place) this.move(from, place)
  }

  errorOf(place: number): (path: string) => string | undefined {
    return (path) => this.submission.errors[`rules.${place}.${path}`]
  }

  /** Something is wrong in a rule that is not open. */
  wrong(place: number): boolean {
    return (
      this.body.rules[place]?.id !== this.openRule &&
      Object.keys(this.submission.errors).some((path) => path.startsWith(`rules.${place}.`))
    )
  }

  /** An older version, to be published once more. */
  async again(version: number): Promise<void> {
    const old = await attempt(() => api.get<Version>(`${this.terms.path}/versions/${version}`))
    if (!old) return
    this.body = structuredClone(this.terms.bodyOf(old))
    this.note = m.rules_again_note({ version })
    this.publishing = true
  }

  /** Over that version: where another was published meanwhile, the API refuses it. */
  publish(over: number): Promise<{ version: number }> {
    const note = this.note.trim()
    return api.put(this.terms.path, { ...$state.snapshot(this.body), base: over, ...(note && { note }) })
  }

  async takeTheirs(): Promise<void> {
    await refreshAll()
    this.begin()
  }

  async published(version: number): Promise<void> {
    const undo = () => this.#takeBack(version)
    toasts.show(this.terms.saidPublished(version), { tone: 'good', undo })
    await this.takeTheirs()
  }

  /** What held before is published once more; what is being written meanwhile stays. */
  async #takeBack(version: number): Promise<void> {
    const { path, bodyOf } = this.terms
    const done = await attempt(async () => {
      const old = await api.get<Version>(`${path}/versions/${version - 1}`)
      const note = m.rules_again_note({ version: version - 1 })
      return api.put<{ version: number }>(path, { ...bodyOf(old), base: version, note })
    })
    if (!done) return
    toasts.show(this.terms.saidPublished(done.version), { tone: 'good' })
    const writes = this.changed
    await refreshAll()
    if (writes) this.base = this.terms.inForce()
    else this.begin()
  }
}
