import { createHash } from 'node:crypto'
import type { Severity } from '@tocsin/db'
import { type Event, KEY_LENGTH, LABELS, type Unreadable } from './schema.ts'
import { readInstant } from './instant.ts'
import { severityOf } from './severity.ts'

/** What an adapter read, as sent; `composeEvent` brings it into shape. */
export interface Read {
  kind: Event['kind']
  dedupKey: string
  /** The sender's own word. */
  severity: string | null
  /** Ours for it, where the sender's vocabulary says more than the word alone. */
  severityAs?: Severity
  title: string | null
  resource?: string | null
  service?: string | null
  host?: string | null
  startsAt?: unknown
  endsAt?: unknown
  labels?: Record<string, unknown>
  annotations?: Record<string, unknown>
  link?: unknown
  groupKey?: string | null
}

const TITLE_LENGTH = 500
const FIELD_LENGTH = 255
const VALUE_LENGTH = 4_000
const ELEMENT_LENGTH = 65_536

/**
 * The normal form: every length capped, every odd value dropped, and each such change named in `flags`.
 * Never throws: what is sent must not be able to stop its neighbours.
 */
export function composeEvent(read: Read, receivedAt: Date): Event {
  const flags: string[] = []
  const cut = (name: string, value: string | null | undefined, length: number): string | null => {
    if (value === null || value === undefined || value === '') return null
    if (value.length <= length) return value
    flags.push(`${name}-truncated`)
    return sliceWhole(value, length)
  }
  const instant = (name: string, value: unknown): string | null => {
    const known = readInstant(value, receivedAt)
    if (known === undefined) flags.push(`${name}-unusable`)
    return known ?? null
  }
  const pairs = (name: string, given: Record<string, unknown> = {}): Record<string, string> => {
    if (isFit(given)) return given
    const entries = Object.entries(given)
    if (entries.length > LABELS) flags.push(`${name}-truncated`)
    let long = false
    const kept = entries.slice(0, LABELS).map(([key, value]) => {
      const words = textOf(value)
      long ||= key.length > FIELD_LENGTH || words.length > VALUE_LENGTH
      return [sliceWhole(key, FIELD_LENGTH), sliceWhole(words, VALUE_LENGTH)]
    })
    if (long) flags.push(`${name}-cut`)
    // fromEntries defines properties: a label called __proto__ stays data.
    return Object.fromEntries(kept)
  }
  const link = linkOf(read.link)
  if (link === undefined) flags.push('link-refused')
  if (read.dedupKey.length > KEY_LENGTH) flags.push('dedup_key-hashed')
  return {
    kind: read.kind,
    dedup_key: fitKey(read.dedupKey),
    severity: read.severityAs ?? severityOf(read.severity),
    severity_raw: cut('severity', read.severity, FIELD_LENGTH),
    title: cut('title', read.title, TITLE_LENGTH),
    resource: cut('resource', read.resource, FIELD_LENGTH),
    service: cut('service', read.service, FIELD_LENGTH),
    host: cut('host', read.host, FIELD_LENGTH),
    starts_at: instant('starts_at', read.startsAt),
    ends_at: instant('ends_at', read.endsAt),
    labels: pairs('labels', read.labels),
    annotations: pairs('annotations', read.annotations),
    link: link ?? null,
    group_key: read.groupKey ? fitKey(read.groupKey) : null,
    flags,
  }
}

export const unreadable = (element: unknown, reason: string): Unreadable => ({
  kind: 'unreadable',
  element: sliceWhole(JSON.stringify(element) ?? 'null', ELEMENT_LENGTH),
  reason,
})

/** The key itself, or where it is too long for an index, its beginning and a digest of the whole. */
export function fitKey(key: string): string {
  if (key.length <= KEY_LENGTH) return key
  return `${sliceWhole(key, 180)}…sha256:${createHash('sha256').update(key).digest('hex')}`
}

/** A value as text: strings as they are, anything nested as JSON. */
export const textOf = (value: unknown): string =>
  typeof value === 'string' ? value : (JSON.stringify(value) ?? '')

/** Whether nothing of it need change. Nearly all are so, and to build them anew is the dear part of an event. */
function isFit(given: Record<string, unknown>): given is Record<string, string> {
  const names = Object.keys(given)
  return (
    names.length <= LABELS &&
    names.every((name) => {
      const value = given[name]
      return typeof value === 'string' && value.length <= VALUE_LENGTH && name.length <= FIELD_LENGTH
    })
  )
}

/** http and https only; `undefined` says that something else was sent. */
function linkOf(value: unknown): string | null | undefined {
  if (value === undefined || value === null || value === '') return null
  if (typeof value !== 'string' || value.length > 2_000 || !/^https?:\/\//i.test(value)) return undefined
  return URL.canParse(value) ? value : undefined
}

/** At most `length` units, never half a character. */
function sliceWhole(value: string, length: number): string {
  if (value.length <= length) return value
  const last = value.charCodeAt(length - 1)
  return value.slice(0, last >= 0xd800 && last <= 0xdbff ? length - 1 : length)
}
