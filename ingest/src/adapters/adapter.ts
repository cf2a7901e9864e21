import { type Event, type MailRule, type Mapping, type Unreadable, unreadable } from '@tocsin/desk'
import type { Outside } from '../outside.ts'
import { BODY_LIMIT } from '../read-body.ts'

/** What an adapter may look at besides the body. */
export interface Circumstances {
  method: string
  /** What the sender added after the key, or after `addresses`' own beginning; `''` where nothing. */
  path: string
  query: Record<string, string>
  /** Names are lower-case. */
  headers: Record<string, string>
  /** By the database's clock. */
  receivedAt: Date
  /** An id that nobody has had, for a message whose sender leaves the key to us. */
  fresh: string
  /** The key of the alert that the address names by an id of ours (`named`); null where there is none. */
  named?: string | null
  /** Of an address for mail: what its mails mean. */
  mailRules: MailRule[]
  /** Where the sender writes wall times without a zone: the integration's, UTC unless somebody set it. */
  zone: string
  /** How a body that nobody foresaw is to be read, where people have said it. */
  mapping: Mapping | null
}

/**
 * Whether the exact bytes that arrived carry the sender's proof under one of the secrets: two are alive while
 * one replaces the other. Compared in constant time; a missing proof is a wrong one.
 */
export type Signature = (bytes: Buffer, circumstances: Circumstances, secrets: string[]) => boolean

export interface Answer {
  status: number
  body: unknown
  /** Of the body, where it is not `application/json`. */
  type?: string
}

export interface Kept {
  receipt: string
  events: (Event | Unreadable)[]
  /** How many messages the body holds; those that are not read yet are not among `events`. */
  count: number
  circumstances: Circumstances
}

/** Why a request is not taken. 401 and 403 never say which key or which signature would do. */
export interface Refusal {
  status: number
  title: string
  detail: string
  /** What is wrong, field by field, where the adapter says it so. */
  errors?: string[]
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
  /**
   * How many messages a body holds, where its answer needs no more and whoever decides it can read it as well: from the
   * body, its path and when it came. undefined: it is read at the door. Throws `WrongBody` likewise.
   */
  countUnopened: ((payload: unknown, circumstances: Circumstances) => number | undefined) | undefined
  /** One element of such a body, as a dead letter holds it; `whole` is the body, where it is still there. */
  readElement: (element: unknown, circumstances: Circumstances, whole?: unknown) => Event | Unreadable
  /** A body of which nothing can be read is taken all the same, as dead letters: people can mend how it is read. */
  mendable: boolean
  /** The answer once everything is committed. */
  accepted: (kept: Kept) => Answer
  /**
   * The answer to what is not taken, where the sender expects a form of its own; else RFC 9457. `path` is `''`
   * at our own address, else the imitated service's.
   */
  refused: ((refusal: Refusal, path: string) => Answer | undefined) | undefined
  /** What makes this sender come again, where it is over its limit and where we cannot commit. */
  overload: { limited: number; unavailable: number }
  /** Bytes, inflated: what the imitated service takes, where that is less than we do. */
  bodyLimit: number
  /** What the body holds says nothing, and may be anything. */
  anyBody: boolean
  /** The address may say all, with no body. */
  mayBeEmpty: boolean
  /** Whether by its headers the body is what the message is about, in any form or none at all. */
  carries: ((headers: Record<string, string>) => boolean) | undefined
  methods: string[]
  /** Paths after the key, where the sender adds its own: `/api/v2/alerts`. A `*` is one segment. */
  paths: string[]
  /** Whole paths at which the imitated service listens itself: `/v2/enqueue`. A `*` is one segment. */
  addresses: string[]
  /** The key, where the sender can carry it neither in our path nor as bearer token or password. */
  keyOf: ((payload: unknown, circumstances: Circumstances) => string | null) | undefined
  /** An id of ours by which the address names an alert, to be looked up before the body is read. */
  named: ((circumstances: Circumstances) => { by: 'id' | 'tiny'; value: string } | undefined) | undefined
  /** How the sender proves that the bytes are its own, once the integration holds its secret. */
  signature: Signature | undefined
  /**
   * What must be done or checked before a body is taken: a subscription to confirm, a challenge to answer, a
   * certificate to fetch. An answer ends the request. Throws `Forged` (403), or anything else (try again).
   */
  greet:
    | ((
        payload: unknown,
        circumstances: Circumstances,
        secrets: string[],
        outside: Outside,
      ) => Promise<Answer | undefined>)
    | undefined
  /** Fields whose values are secrets of the sender's: neither kept with the body nor shown. */
  secretFields: string[]
}

type Own = Pick<Adapter, 'expects'> &
  Partial<Omit<Adapter, 'read' | 'readElement' | 'countUnopened'>> & {
    /** Its bodies may wait unopened, where this can be read of their first message. */
    waitsUnopened?: (element: Fields) => boolean
    /** The messages of a body; without it, the body is one. Throws `WrongBody`. */
    elements?: (payload: unknown, circumstances: Circumstances) => unknown[]
    /** What one of them says. `whole` is the body, or the element again where it comes back as a dead letter. */
    readOne: (element: Fields, circumstances: Circumstances, whole: Fields) => Event | Unreadable
  }

const fieldsOf = (value: unknown): Fields => (isFields(value) ? value : {})

/** An adapter out of what is its own: plain 200, 503 on overload, POST to `/v1/{system}/{key}`. */
export function defineAdapter({ elements, readOne, waitsUnopened, ...own }: Own): Adapter {
  const read = (element: unknown, circumstances: Circumstances, whole: unknown): Event | Unreadable => {
    if (!isFields(element)) return unreadable(element, 'It must be an object with fields.')
    try {
      return readOne(element, circumstances, fieldsOf(whole))
    } catch (error) {
      if (error instanceof WrongBody && !elements) throw error
      // A body nobody foresaw must not stop its neighbours, nor be answered with a 500.
      return unreadable(element, `It could not be read: ${(error as Error).message}`)
    }
  }
  const countUnopened =
    waitsUnopened &&
    ((payload: unknown, circumstances: Circumstances): number | undefined => {
      const given = elements?.(payload, circumstances) ?? []
      return isFields(given[0]) && waitsUnopened(given[0]) ? given.length : undefined
    })
  return {
    accepted: ({ receipt, count }) => ({
      status: 200,
      body: { status: 'accepted', receipt, events: count },
    }),
    refused: undefined,
    overload: { limited: 503, unavailable: 503 },
    bodyLimit: BODY_LIMIT,
    anyBody: false,
    mayBeEmpty: false,
    carries: undefined,
    methods: ['POST'],
    paths: [''],
    addresses: [],
    keyOf: undefined,
    named: undefined,
    signature: undefined,
    greet: undefined,
    secretFields: [],
    mendable: false,
    ...own,
    countUnopened,
    read: (payload, circumstances) =>
      (elements?.(payload, circumstances) ?? [payload]).map((element) =>
        read(element, circumstances, payload),
      ),
    readElement: (element, circumstances, whole = element) => read(element, circumstances, whole),
  }
}

/** The body is not this system's, or cannot be used at all. `status` 400 or 422. */
export class WrongBody extends Error {
  readonly status: 400 | 422
  /** Field by field, for senders that are told so. */
  readonly errors: string[]
  constructor(message: string, status: 400 | 422 = 422, errors: string[] = []) {
    super(message)
    this.name = 'WrongBody'
    this.status = status
    this.errors = errors
  }
}

export type Fields = Record<string, unknown>

export const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** A text that says something: blanks alone say nothing. */
export const isText = (value: unknown): value is string =>
  typeof value === 'string' && value !== '' && (value.charCodeAt(0) > 32 || value.trim() !== '')

/** The first of these fields that holds text (or a number), in this order. */
export function firstText(fields: Fields, ...names: string[]): string | null {
  for (const name of names) {
    const value = Object.hasOwn(fields, name) ? fields[name] : undefined
    if (isText(value)) return value
    if (typeof value === 'number') return String(value)
  }
  return null
}

/** The object in this field, or an empty one. */
export const within = (fields: Fields, name: string): Fields =>
  fieldsOf(Object.hasOwn(fields, name) ? fields[name] : undefined)
