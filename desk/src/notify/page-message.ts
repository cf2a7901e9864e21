import { button, htmlMail } from './html.ts'
import type { Locale, Messages, SlaTarget } from './message-shape.ts'
import { instantFor, MESSAGES } from './messages.ts'

/** How a page came to its recipient, as kept with it: `escalation` writes it, here it becomes words. */
export type PageReason =
  | { by_hand: string | null }
  | {
      policy: { id: string; name: string; version: number }
      round: number
      step: number
      paths: (
        | { kind: 'schedule'; name: string; rotation: { name: string } | null; override_id: string | null }
        | { kind: 'team'; name: string; role: 'on_call' | 'manager' }
        | { kind: 'person' }
      )[]
      /** The clock that asked, where one did. */
      sla?: { target: string; percent: number; policy: { name: string } }
    }

export interface PagedTicket {
  number: string
  title: string
  priority: string
  service: string | null
  created_at: Date
}

export interface ToldPage {
  id: string
  ticket: PagedTicket
  why: PageReason
  /** Who asked, for a page by hand. */
  askedBy: string | null
  acknowledgeUrl: string
}

export interface Recipient {
  id: string
  name: string
  locale: Locale
  zone: string
}

// Told in full; the others of a storm are named, a line each, and none is left out.
const MOST_TOLD = 20

/** The reasons in words, most telling first. */
function reasonsOf(page: Pick<ToldPage, 'why' | 'askedBy'>, words: Messages['page']): string[] {
  const { why } = page
  if ('by_hand' in why) return [words.byHand(page.askedBy)]
  const paths = why.paths.map((path) => {
    if (path.kind === 'person') return words.named
    if (path.kind === 'team') return words.onTeam(path.name, path.role)
    return path.override_id
      ? words.standIn(path.name)
      : words.onSchedule(path.name, path.rotation?.name ?? null)
  })
  const sla = why.sla ? [words.sla(why.sla.policy.name, why.sla.target as SlaTarget, why.sla.percent)] : []
  return [...sla, ...paths, words.step(why.policy.name, why.step + 1, why.round + 1)]
}

/** The reasons in the words of a reader's language. */
export const explainPage = (page: Pick<ToldPage, 'why' | 'askedBy'>, locale: Locale): string[] =>
  reasonsOf(page, MESSAGES[locale].page)

/** One mail for all the pages of a bundle, in its recipient's language and zone. */
export function pageMail(pages: ToldPage[], to: Recipient, publicUrl: string) {
  const words = MESSAGES[to.locale].page
  const [first] = pages
  const told = pages.slice(0, MOST_TOLD)
  const subject =
    pages.length === 1
      ? `[${first!.ticket.priority}] ${first!.ticket.number} ${first!.ticket.title}`
      : words.subjectOfMany(pages.length, told.map(({ ticket }) => ticket.number).join(', '))
  const named = pages.slice(MOST_TOLD)
  const more =
    named.length > 0
      ? [
          words.andMore(named.length),
          named.map(({ ticket }) => `${ticket.priority} ${ticket.number} ${ticket.title}`).join('\n'),
        ]
      : []
  const about = (page: ToldPage) => {
    const { number, priority, title, service, created_at } = page.ticket
    return [
      `${priority} ${number} ${title}`,
      [service, words.openedAt(instantFor(created_at, to.locale, to.zone))].filter(Boolean).join(' · '),
      ...reasonsOf(page, words),
    ].join('\n')
  }
  const link = (page: ToldPage) => `${publicUrl}/tickets/${page.ticket.number}`
  const text = [
    words.lead(pages.length),
    ...told.map(
      (page) => `${about(page)}\n${words.acknowledge}: ${page.acknowledgeUrl}\n${words.open}: ${link(page)}`,
    ),
    ...more,
    words.acknowledgeOnce,
    MESSAGES[to.locale].sentBy,
  ].join('\n\n')
  const html = htmlMail(to.locale, [
    words.lead(pages.length),
    ...told.flatMap((page) => [
      about(page),
      { raw: button(words.acknowledge, page.acknowledgeUrl) },
      `${words.open}: ${link(page)}`,
    ]),
    ...more,
    words.acknowledgeOnce,
    MESSAGES[to.locale].sentBy,
  ])
  return { subject, text, html }
}

/** The same for programs. Field order is part of it: these bytes are signed and sent again unchanged. */
export const pageBody = (pages: ToldPage[], to: Recipient, bundleId: string, publicUrl: string): Buffer =>
  Buffer.from(
    JSON.stringify({
      id: bundleId,
      type: 'page',
      recipient: { id: to.id, name: to.name },
      pages: pages.map(({ id, ticket, why, acknowledgeUrl }) => ({
        id,
        ticket: { ...ticket, url: `${publicUrl}/tickets/${ticket.number}` },
        why,
        acknowledge_url: acknowledgeUrl,
      })),
    }),
  )
