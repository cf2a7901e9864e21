import type { SlaTarget } from './sla-words.ts'

export type Locale = 'en' | 'fr' | 'it'

export const NOTICES = [
  'received',
  'reply',
  'comment',
  'resolved',
  'cancelled',
  'reopened',
  'assigned',
  'approval',
  'approved',
  'rejected',
  'sla-mark',
  'rule',
  'merged',
  'mention',
  'reminder',
] as const
export type NoticeTemplate = (typeof NOTICES)[number]

/** To the author of a maintenance window, once a span. */
export const QUIET_NOTICES = ['quiet-begin', 'quiet-end'] as const
export type QuietTemplate = (typeof QUIET_NOTICES)[number]

/** To whoever put an integration in shadow, once a day. */
export const SHADOW_NOTICE = 'shadow-day'

/** What an integration in shadow would have done on a day. */
export interface ShadowTold {
  integration: { id: string; name: string }
  day: string
  incidents: number
  pages: number
  at_night: number
  people: { name: string; pages: number; at_night: number }[]
}

export type { SlaTarget }

interface Named {
  number: string
  title: string
  /** The ticket that it goes on in, of one that was merged. */
  into?: string | null
}

/** Every text that leaves by mail, in one shape for each language. */
export interface Messages {
  page: {
    subjectOfMany: (count: number, numbers: string) => string
    lead: (count: number) => string
    openedAt: (instant: string) => string
    acknowledge: string
    acknowledgeOnce: string
    open: string
    andMore: (count: number) => string
    onSchedule: (schedule: string, rotation: string | null) => string
    standIn: (schedule: string) => string
    onTeam: (team: string, role: 'on_call' | 'manager') => string
    named: string
    byHand: (name: string | null) => string
    step: (policy: string, step: number, round: number) => string
    sla: (policy: string, target: SlaTarget, percent: number) => string
  }
  /** Why a mark of a clock is told to this person. */
  slaMark: (policy: string, target: SlaTarget, percent: number) => string
  notice: Record<NoticeTemplate, { subject: (ticket: Named) => string; lead: (ticket: Named) => string }>
  quiet: Record<QuietTemplate, { subject: (reason: string) => string; lead: (reason: string) => string }>
  shadow: {
    subject: (told: ShadowTold) => string
    lead: (told: ShadowTold) => string
    person: (person: ShadowTold['people'][number]) => string
  }
  follow: string
  /** To somebody who never wrote to us. */
  stranger: string
  sentBy: string
  test: { subject: string; body: string }
}

export const subject = (words: string) => (ticket: Named) =>
  `[${ticket.number}] ${words}${ticket.title && `: ${ticket.title}`}`
