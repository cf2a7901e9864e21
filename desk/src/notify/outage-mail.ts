import { sql } from 'kysely'
import type { Mail } from './send.ts'
import { mailHost, threadOf } from './deliver.ts'
import { button, htmlMail } from './html.ts'
import type { Locale } from './message-shape.ts'
import { instantFor, MESSAGES } from './messages.ts'
import { OUTAGE_NOTICES, OUTAGE_WORDS, type OutageTemplate, type OutageTold } from './outage-words.ts'

export interface OutageNotice {
  id: string
  template: OutageTemplate
  person: { id: string; email: string; locale: Locale; zone: string }
  ticket: { id: string; number: string }
  outage: Omit<OutageTold, 'number' | 'next'> & { next_at?: string | null; day?: string }
}

const URLS: Partial<Record<OutageTemplate, (number: string) => string>> = {
  'update-due': (number) => `/tickets/${number}`,
  action: () => '/reviews?owner=me',
  'action-due': () => '/reviews?owner=me',
}

/**
 * Over a leased notice `l` of a `ticket t`: what people outside the desk read is of the update alone, never of the
 * ticket. That it is over is told by the name of the last update.
 */
export const OUTAGE_TOLD = sql`case
  when l.template = 'update-due' then (
    select jsonb_build_object('title', t.title, 'next_at', a.after -> 'next_update_at', 'overdue', a.after ->> 'reminder' = 'overdue')
    from activity a where a.id = l.activity_id)
  when l.template in ('action', 'action-due') then (
    select jsonb_build_object('title', x.title, 'day', x.due_on)
    from activity a join review_action x on x.id = (a.after ->> 'action')::uuid where a.id = l.activity_id)
  when l.template = any(${[...OUTAGE_NOTICES]}) then coalesce((
    select jsonb_build_object('title', u.title, 'affected', u.affected, 'body', m.body, 'next_at', u.next_at, 'overdue', false)
    from major_update u join message m on m.id = u.message_id
    where u.ticket_id = t.id and (l.template = 'outage-over' or u.message_id = l.message_id)
    order by u.created_at desc, u.message_id desc limit 1), '{}') end`

export function outageMail(notice: OutageNotice, publicUrl: string): Mail {
  const { id, template, person, ticket, outage } = notice
  const words = MESSAGES[person.locale]
  const host = mailHost(publicUrl)
  const instant = outage.next_at ? instantFor(new Date(outage.next_at), person.locale, person.zone) : null
  const next = outage.day ? dayFor(outage.day, person.locale) : instant
  const { subject, lines } = OUTAGE_WORDS[person.locale][template]({ ...outage, number: ticket.number, next })
  const url = `${publicUrl}${URLS[template]?.(ticket.number) ?? '/portal'}`
  return {
    messageId: `<notice-${id}@${host}>`,
    thread: threadOf(ticket.id, host),
    to: person.email,
    subject,
    text: [...lines, `${words.follow}: ${url}`, words.sentBy].join('\n\n'),
    html: htmlMail(person.locale, [...lines, { raw: button(words.follow, url) }, words.sentBy]),
    personId: person.id,
    ticketId: ticket.id,
  }
}

/** A day of the calendar, which is the same in every zone. */
const dayFor = (day: string, locale: Locale): string =>
  new Intl.DateTimeFormat(locale, { dateStyle: 'long', timeZone: 'UTC' }).format(new Date(day))
