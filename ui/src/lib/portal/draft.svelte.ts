import { page } from '$app/state'
import { freshId } from '#lib/api/fresh-id.ts'
import type { Me } from '#lib/api/types.ts'
import { type Answers, isEmpty } from '#lib/question/field.ts'
import { heldHere, holdHere, letGo } from '#lib/ticket/unkept.ts'

export interface SentFile {
  id: string
  name: string
  size: number
}

export interface FilingDraft {
  title: string
  description: string
  serviceId: string
  fields: Answers
  files: SentFile[]
  /** Of this form: the same form filed twice is filed once. */
  id: string
}

const empty = (): FilingDraft => ({
  title: '',
  description: '',
  serviceId: '',
  fields: {},
  files: [],
  id: '',
})

/** What was written into a form so far, held in this browser until it is filed. */
export class KeptDraft {
  value = $state<FilingDraft>(empty())
  #person = (page.data.me as Me | null | undefined)?.person.id ?? ''
  #path: string

  constructor(item: string) {
    this.#path = `/portal/${item}`
  }

  /** True once something is written. */
  get started(): boolean {
    const { title, description, fields, files } = this.value
    return (
      title !== '' ||
      description !== '' ||
      files.length > 0 ||
      Object.values(fields).some((answer) => !isEmpty(answer) && answer !== false)
    )
  }

  read(): void {
    this.value = { ...empty(), ...heldHere<Partial<FilingDraft>>(this.#person, this.#path) }
    this.value.id ||= freshId()
  }

  keep(): void {
    if (this.started) holdHere(this.#person, this.#path, this.value)
    else letGo(this.#person, this.#path)
  }

  discard(): void {
    letGo(this.#person, this.#path)
    this.value = { ...empty(), id: freshId() }
  }
}
