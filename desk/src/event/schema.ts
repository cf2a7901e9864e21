import type { Severity } from '@tocsin/db'
import { z } from 'zod'

/** Longest dedup key; also what the alert's unique key holds. */
export const KEY_LENGTH = 255
export const LABELS = 64

const instant = z.iso.datetime({ precision: undefined }).nullable()
const text = z.string().nullable()
const severity: z.ZodType<Severity> = z.enum(['critical', 'error', 'warning', 'info', 'ok'])

/**
 * One message of a monitoring system in the form that everything behind the door works on. Adapters make it;
 * it waits as JSON beside its receipt until the worker decides it.
 */
export const Event = z.strictObject({
  /** A snooze says in `annotations.until` how long; its alert rests until then. */
  kind: z.enum(['trigger', 'resolve', 'acknowledge', 'snooze', 'note', 'change', 'ping', 'test']),
  /** What identifies the alert within its integration. */
  dedup_key: z.string().min(1).max(KEY_LENGTH),
  severity,
  /** The sender's own word. */
  severity_raw: text,
  /** null where the message has none, as a recovery often has: what was fired keeps its own. */
  title: text,
  resource: text,
  service: text,
  host: text,
  /** UTC, microseconds at most; null where the sender did not say, or said nonsense. */
  starts_at: instant,
  ends_at: instant,
  labels: z.record(z.string(), z.string()),
  annotations: z.record(z.string(), z.string()),
  /** http or https only. */
  link: text,
  /** How the sender groups it, where it does. */
  group_key: text,
  /** What was changed to fit, by name: `labels-truncated`, `starts_at-unusable`, … */
  flags: z.array(z.string()),
})
export type Event = z.infer<typeof Event> & {
  /** Labels that look-ups added, each with the look-up's name. Set when it is decided, never by a sender. */
  enriched?: Record<string, string>
}

/** An element of a readable body that could not be read: it becomes a dead letter. */
export interface Unreadable {
  kind: 'unreadable'
  /** The element as JSON, cut to 64 KiB. */
  element: string
  reason: string
}

/** A dead letter sent round again: the worker lets the adapter read it anew. */
export interface Unread {
  kind: 'unread'
  element: string
  /** The request that it came in, for what the element alone does not say; bytes in base64. */
  request?: { body: string; content_type: string | null; headers: Record<string, string> }
}

export type Received = Event | Unreadable | Unread

/**
 * Waits in the place of the events of a body that its reader says may be read by whoever decides it: the body lies with
 * the receipt. No list, so that a worker too old to know it takes nothing for no event: it fails, and the receipt waits.
 */
export interface Unopened {
  /** What the sender added to the address. */
  path: string
}

/** What became of an event; written once. */
export const BUCKETS = [
  'opened',
  'joined',
  'repeated',
  'suppressed',
  'held',
  'resolved',
  'acknowledged',
  'recorded',
  'ignored',
  'dead-letter',
] as const
export type Bucket = (typeof BUCKETS)[number]
