import { type Answers, isEmpty } from '#lib/question/field.ts'

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
  /** Filing twice with the same key files once. */
  idempotencyKey: string
}

const empty = (): FilingDraft => ({
  title: '',
  description: '',
  serviceId: '',
  fields: {},
  files: [],
  idempotencyKey: '',
})

/** What was written into a form so far, kept on this device until it is filed. */
export class KeptDraft {
  value = $state<FilingDraft>(empty())
  #name: string

  constructor(item: string) {
    this.#name = `tocsin-filing-${item}`
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
    try {
      const kept = localStorage.getItem(this.#name)
      if (kept) this.value = { ...empty(), ...(JSON.parse(kept) as Partial<FilingDraft>) }
    } catch {
      // A draft that cannot be read is no reason to refuse the form.
      localStorage.removeItem(this.#name)
    }
    this.value.idempotencyKey ||= crypto.randomUUID()
  }

  keep(): void {
    if (this.started) localStorage.setItem(this.#name, JSON.stringify(this.value))
  }

  discard(): void {
    localStorage.removeItem(this.#name)
    this.value = { ...empty(), idempotencyKey: crypto.randomUUID() }
  }
}
