import type { Event, Unreadable } from '@tocsin/desk'

/** What an adapter may look at besides the body. Header names are lower-case. */
export interface Circumstances {
  headers: Record<string, string>
  /** By the database's clock. */
  receivedAt: Date
}

export interface Answer {
  status: number
  body: unknown
}

/** The code that reads one monitoring system's wire form, and knows which answers its sender understands. */
export interface Adapter {
  /** What a body of it looks like, for the answer to one that does not. */
  expects: string
  /**
   * The messages in a body. An element that cannot be read comes back as unreadable, so the rest goes on;
   * throws `WrongBody` where the body as a whole is not this system's.
   */
  read: (payload: unknown, circumstances: Circumstances) => (Event | Unreadable)[]
  /** One element of such a body by itself, as a dead letter holds it. */
  readElement: (element: unknown, circumstances: Circumstances) => Event | Unreadable
  /** The answer once everything is committed. */
  accepted: (kept: { receipt: string; events: (Event | Unreadable)[] }) => Answer
  /** What makes this sender come again, where it is over its limit and where we cannot commit. */
  overload: { limited: number; unavailable: number }
  /** Paths after the key, where the sender adds its own: `/api/v2/alerts`. */
  paths: string[]
}

/** The body is not this system's, or cannot be used at all. `status` 400 or 422. */
export class WrongBody extends Error {
  readonly status: 400 | 422
  constructor(message: string, status: 400 | 422 = 422) {
    super(message)
    this.name = 'WrongBody'
    this.status = status
  }
}

export type Fields = Record<string, unknown>

export const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** The first of these fields that holds text (or a number), in this order. */
export function firstText(fields: Fields, ...names: string[]): string | null {
  for (const name of names) {
    const value = Object.hasOwn(fields, name) ? fields[name] : undefined
    if (typeof value === 'string' && value !== '') return value
    if (typeof value === 'number') return String(value)
  }
  return null
}
