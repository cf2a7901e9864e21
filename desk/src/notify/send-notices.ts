import type { Db } from '@tocsin/db'
import { sql } from 'kysely'
import { LEASE_SECONDS } from './claim-deliveries.ts'
import { leaseIsStale, mailHost, threadOf, type DeliveryDeps } from './deliver.ts'
import { button, htmlMail } from './html.ts'
import {
  type Locale,
  type NoticeTemplate,
  type QuietTemplate,
  SHADOW_NOTICE,
  type ShadowTold,
  type SlaTarget,
} from './message-shape.ts'
import { MESSAGES } from './messages.ts'
import { OUTAGE_TOLD, outageMail, type OutageNotice } from './outage-mail.ts'
import { backoffMs } from './retry.ts'
import type { Sent } from './send.ts'
import {
  isThingTemplate,
  THING_TOLD,
  type ThingTemplate,
  thingMail,
  type ThingTold,
} from './thing-notices.ts'

type NoticeDeps = Pick<DeliveryDeps, 'db' | 'log' | 'publicUrl' | 'sendMail'>

interface Leased {
  id: string
  attempts: number
  lease_until: Date
  person: { id: string; email: string; locale: Locale; zone: string }
}

interface QuietNotice extends Leased {
  template: QuietTemplate
  shadow: null
  outage: null
  quiet: { id: string; reason: string }
}

interface ShadowNotice extends Leased {
  template: typeof SHADOW_NOTICE
  quiet: null
  outage: null
  shadow: ShadowTold
}

type LeasedOutage = Leased & OutageNotice & { quiet: null; shadow: null }

interface ThingNotice extends Leased {
  outage: null
  template: ThingTemplate
  quiet: null
  shadow: null
  thing: ThingTold
}

interface TicketNotice extends Leased {
  template: NoticeTemplate
  quiet: null
  shadow: null
  outage: null
  ticket: { id: string; number: string; title: string; into: string | null }
  /** The message told, where there is one. */
  body: string | null
  /** To somebody who never wrote to us: nothing that somebody else submitted. */
  plain: boolean
  /** The mark of a clock that is told, where it is one. */
  sla: { target: SlaTarget; percent: number; policy: string } | null
  /** Works at the desk, and so reads the ticket there rather than in the portal. */
  at_desk: boolean
}

type LeasedNotice = QuietNotice | ShadowNotice | LeasedOutage | ThingNotice | TicketNotice

const BATCH = 100
const MOST_AT_ONCE = 20
const MOST_QUOTED = 4_000

/** Sends waiting notices, under the same lease as deliveries: `sweep` starts, `settled` waits for the rest. */
export function notices(deps: NoticeDeps): { sweep: () => Promise<number>; settled: () => Promise<void> } {
  const underWay = new Set<Promise<void>>()
  const sweep = async () => {
    if (underWay.size >= MOST_AT_ONCE) return 0
    const begun = performance.now()
    const leased = await lease(deps.db, Math.min(BATCH, MOST_AT_ONCE - underWay.size))
    if (leaseIsStale(performance.now() - begun)) return 0
    for (const notice of leased) {
      const sending = tell(deps, notice).finally(() => underWay.delete(sending))
      underWay.add(sending)
    }
    return leased.length
  }
  const settled = async () => {
    while (underWay.size > 0) await Promise.all(underWay)
  }
  return { sweep, settled }
}

/** What somebody wrote down for the time when they are reminded. */
const REMINDED = sql`(
  select nullif(r.note, '') from activity s join reminder r on r.id = s.subject_id where s.id = l.activity_id)`

/** A day of an integration in shadow: the figures of its line, with the people by name. */
const SHADOW_TOLD = sql`(
  select jsonb_build_object('integration', jsonb_build_object('id', i.id, 'name', i.name)) || s.after || jsonb_build_object('people',
    coalesce((select jsonb_agg(to_jsonb(w) order by w.pages desc, w.name) from (
      select p.name, count(*) as pages, count(*) filter (where g.at_night) as at_night
      from shadow_page g join person p on p.id = g.recipient_id
      where g.integration_id = i.id and g.at >= (s.after ->> 'from')::timestamptz and g.at < (s.after ->> 'to')::timestamptz
      group by p.id, p.name) w), '[]'))
  from activity s join integration i on i.id = s.subject_id where s.id = l.activity_id)`

/** The ticket that a merged one goes on in. */
const INTO = sql`(
  select o.number from activity s join ticket o on o.id = (s.after ->> 'other')::uuid where s.id = l.activity_id)`

/** The words of a rule's action, kept beside its firing because a line holds none. */
const RULE_TOLD = sql`(
  select f.outcome -> (s.after ->> 'action')::int ->> 'text'
  from activity s join automation_firing f on f.id = (s.cause ->> 'id')::uuid where s.id = l.activity_id)`

async function lease(db: Db, most: number): Promise<LeasedNotice[]> {
  const { rows } = await sql<LeasedNotice>`
    with clock as materialized (select tocsin_now() as now), due as (
      select n.id from notice n
      where (n.state = 'waiting' and n.due_at <= (select now from clock))
         or (n.state = 'leased' and n.lease_until < (select now from clock))
      order by n.due_at limit ${most} for update skip locked
    ), leased as (
      update notice n set state = 'leased', attempts = attempts + 1,
        lease_until = (select now from clock) + ${LEASE_SECONDS} * interval '1 second'
      from due where n.id = due.id
      returning n.*
    )
    select l.id, l.attempts, l.lease_until, l.template, l.plain,
      jsonb_build_object('id', p.id, 'email', p.email, 'locale', p.locale, 'zone', p.zone) as person,
      jsonb_build_object('id', t.id, 'number', t.number, 'title', t.title, 'into', case when l.template = 'merged' then ${INTO} end) as ticket,
      ${OUTAGE_TOLD} as outage,
      case when q.id is not null then jsonb_build_object('id', q.id, 'reason', q.reason) end as quiet,
      case when l.template = ${SHADOW_NOTICE} then ${SHADOW_TOLD} end as shadow,
      ${THING_TOLD} as thing,
      left(coalesce(m.body, case l.template when 'reminder' then ${REMINDED} when 'rule' then ${RULE_TOLD} end), ${MOST_QUOTED}) as body,
      (select jsonb_build_object('target', s.after -> 'target', 'percent', s.after -> 'percent', 'policy', y.name)
       from activity s join sla_policy y on y.id = s.actor_id
       where s.id = l.activity_id and l.template = 'sla-mark') as sla,
      exists (select from role_grant g where g.person_id = p.id) as at_desk
    from leased l join person p on p.id = l.person_id left join ticket t on t.id = l.ticket_id
    left join message m on m.id = l.message_id
    left join activity a on a.id = l.activity_id and a.subject_kind = 'maintenance'
    left join maintenance q on q.id = a.subject_id`.execute(db)
  return rows
}

async function tell(deps: NoticeDeps, notice: LeasedNotice): Promise<void> {
  const about = { notice: notice.id, template: notice.template, attempt: notice.attempts }
  try {
    const sent = await deps.sendMail(mailOf(notice, deps.publicUrl))
    await settle(deps.db, notice, sent)
    deps.log.info({ ...about, ok: sent.ok, reason: sent.ok ? '' : sent.reason }, 'notice')
  } catch (error) {
    deps.log.error({ ...about, err: error }, 'notice has no outcome')
  }
}

function mailOf(notice: LeasedNotice, publicUrl: string) {
  if (notice.quiet) return quietMail(notice, publicUrl)
  if (isThing(notice)) return thingMail(notice, publicUrl)
  if (notice.outage) return outageMail(notice, publicUrl)
  return notice.shadow ? shadowMail(notice, publicUrl) : ticketMail(notice, publicUrl)
}

const isThing = (notice: LeasedNotice): notice is ThingNotice => isThingTemplate(notice.template)

function shadowMail({ id, person, shadow }: ShadowNotice, publicUrl: string) {
  const words = MESSAGES[person.locale]
  const url = `${publicUrl}/admin/integrations/${shadow.integration.id}/shadow?day=${shadow.day}`
  const told = [words.shadow.lead(shadow), ...shadow.people.map(words.shadow.person)]
  return {
    messageId: `<notice-${id}@${mailHost(publicUrl)}>`,
    to: person.email,
    subject: words.shadow.subject(shadow),
    text: [...told, `${words.follow}: ${url}`, words.sentBy].join('\n\n'),
    html: htmlMail(person.locale, [...told, { raw: button(words.follow, url) }, words.sentBy]),
    personId: person.id,
    ticketId: null,
  }
}

function quietMail({ id, template, person, quiet }: QuietNotice, publicUrl: string) {
  const words = MESSAGES[person.locale]
  const url = `${publicUrl}/maintenance/${quiet.id}`
  const lead = words.quiet[template].lead(quiet.reason)
  return {
    messageId: `<notice-${id}@${mailHost(publicUrl)}>`,
    to: person.email,
    subject: words.quiet[template].subject(quiet.reason),
    text: [lead, `${words.follow}: ${url}`, words.sentBy].join('\n\n'),
    html: htmlMail(person.locale, [lead, { raw: button(words.follow, url) }, words.sentBy]),
    personId: person.id,
    ticketId: null,
  }
}

function ticketMail(notice: TicketNotice, publicUrl: string) {
  const { id, template, person, ticket, plain, at_desk } = notice
  const words = MESSAGES[person.locale]
  const host = mailHost(publicUrl)
  const place = `${at_desk ? '/tickets' : '/portal/requests'}/${ticket.into ?? ticket.number}`
  // Whoever approves need not see the ticket: what they decide on stands on a page of theirs.
  const url = `${publicUrl}${template === 'approval' ? '/portal/approvals' : place}`
  const { sla } = notice
  const lead = [
    words.notice[template].lead(ticket),
    ...(sla ? [words.slaMark(sla.policy, sla.target, sla.percent)] : []),
  ].join(' ')
  const quoted = notice.body && (!plain || template === 'reply') ? [notice.body] : []
  const ending = plain ? [words.stranger, words.sentBy] : [words.sentBy]
  return {
    messageId: `<notice-${id}@${host}>`,
    thread: threadOf(ticket.id, host),
    to: person.email,
    subject: words.notice[template].subject(plain ? { ...ticket, title: '' } : ticket),
    text: [lead, ...quoted, `${words.follow}: ${url}`, ...ending].join('\n\n'),
    html: htmlMail(person.locale, [lead, ...quoted, { raw: button(words.follow, url) }, ...ending]),
    personId: person.id,
    ticketId: ticket.id,
  }
}

async function settle(db: Db, notice: LeasedNotice, sent: Sent): Promise<void> {
  const wait = !sent.ok && sent.retry ? backoffMs(notice.attempts) : undefined
  const state = sent.ok ? 'sent' : wait === undefined ? 'failed' : 'waiting'
  await sql`
    update notice set state = ${state}, lease_until = null, outcome = ${JSON.stringify(sent)}::jsonb,
      sent_at = case when ${sent.ok} then tocsin_now() end,
      due_at = case when ${state === 'waiting'} then tocsin_now() + ${wait ?? 0} * interval '1 millisecond' else due_at end
    where id = ${notice.id} and state = 'leased' and lease_until = ${notice.lease_until}::timestamptz(3)`.execute(
    db,
  )
}
