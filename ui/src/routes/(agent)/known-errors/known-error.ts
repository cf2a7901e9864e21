import type { Named, State } from '#lib/api/types.ts'

export interface KnownError {
  number: string
  title: string
  state: State
  service: (Named & { key: string }) | null
  root_cause: string | null
  workaround: string
  known_error_at: string
  published_at: string | null
  open_incidents: number
}
