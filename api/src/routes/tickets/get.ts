import type { z } from '@hono/zod-openapi'
import type { Db } from '@tocsin/db'
import {
  found,
  HANDS_TOLD,
  isOpen,
  isTold,
  majorMoves,
  type Life,
  type Move,
  MOVES,
  previewOf,
  readNow,
  type Reader,
  ROUTE_TOLD,
  ruleFor,
  scopeOf,
  ticketVisible,
  ticketWorkable,
  type TicketState,
  unquiet,
  WAIT_TOLD,
} from '@tocsin/desk'
import { sql } from 'kysely'
import type { Resource } from '../../context.ts'
import { DETACHED, TOLD } from '../../evidence.ts'
import { json, route } from '../../route.ts'
import { HELD, SNOOZED_TEXT } from '../alerts/schema.ts'
import { FIELDS, PEOPLE, TAGS } from './answers.ts'
import { CHANGE, KNOWN_ERRORS, PROBLEM, REQUEST_APPROVAL } from './details.ts'
import { checklistMark } from './checklist.ts'
import { hasDraft } from './drafts.ts'
import { LIFE } from './find.ts'
import { LINE_COLUMNS } from './list.ts'
import { MAJOR_INCIDENT, majorMark } from './major.ts'
import { mergedInto } from './merged.ts'
import { NumberParams, Ticket } from './schema.ts'
import { clocksOf } from './sla.ts'

const get = route('ticket.read', {
  method: 'get',
  path: '/tickets/{number}',
  summary: 'One ticket, with its clocks, alerts, pages and links; its revision is the ETag',
  tags: ['Tickets'],
  request: { params: NumberParams },
  responses: { 200: json(Ticket, 'The ticket') },
})

type Shown = z.infer<typeof Ticket>

/** What the item of the catalogue asked that was answered; it stays so when the item is archived. */
export const QUESTIONS = sql`coalesce((select jsonb_agg(jsonb_build_object('key', q -> 'key', 'label', q -> 'label',
    'type', q -> 'type', 'options', coalesce(q -> 'options', '[]')) order by place)
  from catalogue_item i, jsonb_array_elements(i.fields) with ordinality x (q, place)
  where i.id = t.catalogue_item_id and t.fields ? (q ->> 'key')), '[]')`

/**
 * A ticket as the API shows it. What the desk alone may see is empty for its requester. Whoever has just acted on
 * it sees what came of that, even where they have handed it out of their own sight.
 */
export async function readTicket(
  db: Db,
  reader: Reader,
  number: string,
  { justActed = false } = {},
): Promise<Shown> {
  const me = reader.person.id
  const { rows } = await sql<
    Omit<Shown, 'sla' | 'may' | 'statuses'> &
      Omit<Place, 'works'> & { id: string; life: Life; service_id: string | null; offered: Offered[] }
  >`
    with recursive seen as (select t.*, ${ticketWorkable(reader)} as workable,
                         coalesce(t.requester_id = ${me} or t.reporter_id = ${me}, false) as own,
                         exists (select from watcher w where w.ticket_id = t.id and w.person_id = ${me}) as watching,
                         ${ticketVisible(reader)} as visible
                  from ticket t where t.number = ${number} and (${justActed} or ${ticketVisible(reader)})),
    ${mergedInto(sql`(select id from seen)`, reader)}
    select t.id, t.service_id, ${LIFE} as life, ${PROBLEM} as problem, ${CHANGE} as change, ${REQUEST_APPROVAL} as approval, ${KNOWN_ERRORS} as known_errors, ${LINE_COLUMNS}, ${majorMark(reader)} as major, ${hasDraft(reader)} as draft, ${checklistMark(reader)} as checklist, ${MAJOR_INCIDENT} as major_incident, t.workable, t.own, t.watching, t.visible,
      coalesce(t.resolved_at > tocsin_now() - interval '7 days', true) as recent, t.description, t.symptom_key, t.location, t.language, ${FIELDS} as fields, ${PEOPLE} as people, ${QUESTIONS} as questions, ${TAGS} as tags, t.source,
      t.external_id, t.resolution_code, t.reopen_count,
      case when t.workable then ${ROUTE_TOLD} end as route, case when t.workable then ${WAIT_TOLD} end as waits,
      case when t.workable then ${HANDS_TOLD} end as hands,
      (select jsonb_build_object('id', p.id, 'name', p.name) from person p where p.id = t.reporter_id) as reporter,
      (select jsonb_build_object('id', i.id, 'name', i.name) from configuration_item i where i.id = t.ci_id) as ci,
      (select jsonb_build_object('id', i.id, 'name', i.name) from shadow_ticket h join integration i on i.id = h.integration_id
       where h.ticket_id = t.id and h.left_at is null and t.workable) as shadow,
      (select r.due_at from recovery r where r.ticket_id = t.id) as recovers_at,
      coalesce((select jsonb_agg(jsonb_build_object(
          'id', a.id, 'status', a.status, 'severity', a.severity, 'title', a.title, 'dedup_key', a.dedup_key,
          'service', a.service, 'host', a.host, 'resource', a.resource, 'count', a.count, 'starts_at', a.starts_at,
          'ends_at', a.ends_at, 'last_event_at', a.last_event_at, 'labels', a.labels,
          'integration', jsonb_build_object('id', n.id, 'name', n.name),
          'link', jsonb_build_object('how', l.how, 'rule', l.rule, 'rule_version', l.rule_version, 'evidence', l.evidence,
                                     'told', ${TOLD}, 'linked_at', l.linked_at, 'detached_at', l.detached_at, 'detached', ${DETACHED}),
          'stands', a.ticket_id is not distinct from t.id, 'held', ${HELD}, 'flapping', a.flapping, 'snoozed_until', ${SNOOZED_TEXT}) order by l.linked_at, l.id)
        from (select * from alert_link where ticket_id = t.id and t.workable order by linked_at desc, id desc limit 200) l
        join alert a on a.id = l.alert_id join integration n on n.id = a.integration_id), '[]') as alerts,
      coalesce((select jsonb_agg(jsonb_build_object(
          'id', g.id, 'cycle', g.cycle, 'step', g.step, 'state', g.state, 'why', g.why, 'created_at', g.created_at,
          'acknowledged_at', g.acknowledged_at, 'recipient', jsonb_build_object('id', p.id, 'name', p.name),
          'deliveries', coalesce((select jsonb_agg(jsonb_build_object('kind', m.kind, 'state', d.state, 'attempts', d.attempts,
                'due_at', d.due_at, 'sent_at', d.sent_at, 'outcome', d.outcome, 'reason', d.outcome ->> 'reason', 'held', d.held,
                'together', greatest(1, (select count(*) from delivery o where o.bundle_id = d.bundle_id))) order by d.position)
              from delivery d join contact_method m on m.id = d.contact_method_id where d.page_id = g.id), '[]'))
          order by g.created_at, g.id)
        from page g join person p on p.id = g.recipient_id where g.ticket_id = t.id and t.workable), '[]') as pages,
      coalesce((select jsonb_agg(jsonb_build_object('kind', l.kind, 'outward', l.outward, 'number', o.number,
                                                    'title', o.title, 'state', o.state) order by l.kind = 'parent' desc, l.outward desc, l.at, o.id)
        from (select kind, from_id, to_id, from_id = t.id as outward, created_at as at from ticket_link
              where (from_id = t.id or to_id = t.id) and removed_at is null
              union all select 'parent', t.id, t.parent_id, true, t.created_at where t.parent_id is not null
              union all select 'parent', c.id, t.id, false, c.created_at from (
                select id, created_at from ticket where parent_id = t.id order by id limit 200) c) l
        join ticket o on o.id = case when l.from_id = t.id then l.to_id else l.from_id end
        where exists (select from ticket t where t.id = o.id and ${ticketVisible(reader)})), '[]') as links,
      (select o.number from ticket_merge g join ticket o on o.id = g.into_id where g.from_id = t.id and g.undone_at is null
         and exists (select from ticket t where t.id = o.id and ${ticketVisible(reader)})) as merged_into,
      t.resolution_code = 'merged' and exists (select from ticket_merge g where g.from_id = t.id and g.undone_at is null) as is_merged,
      exists (select from ticket_split s where s.into_id = t.id and s.undone_at is null) as is_split,
      array(select x.number from merged x where x.into_id = t.id order by x.number) as merged,
      coalesce((select jsonb_agg(jsonb_build_object('id', f.id, 'name', f.name, 'content_type', f.content_type, 'size', f.size,
                  'visibility', f.visibility, 'message_id', f.message_id, 'merged_from', f.merged_from, 'created_at', f.created_at)
                order by f.created_at, f.id)
        from (select f.*, null::text as merged_from from attachment f where f.ticket_id = t.id and (t.workable or f.visibility = 'public')
              union all select f.*, x.number from merged x join attachment f on f.ticket_id = x.id
              where x.workable or f.visibility = 'public') f
        where f.erased_at is null), '[]') as attachments,
      coalesce((select jsonb_agg(jsonb_build_object('id', p.id, 'name', p.name) order by p.name)
        from watcher w join person p on p.id = w.person_id where w.ticket_id = t.id and (t.workable or p.id = ${me})), '[]') as watchers,
      coalesce((select jsonb_agg(jsonb_build_object('id', u.id, 'key', u.key, 'name', u.name, 'state', u.state,
                  'pending_reason', u.pending_reason, 'color', u.color) order by u.position, u.key)
        from ticket_status u where u.kind = t.kind and u.archived_at is null and t.workable), '[]') as offered
    from seen t`.execute(db)
  const {
    id,
    life,
    service_id,
    workable,
    own,
    watching,
    visible,
    recent,
    is_merged,
    is_split,
    offered,
    ...ticket
  } = found(rows[0], 'ticket')
  const works = scopeOf(reader, 'ticket.work') !== undefined
  const sla = (await clocksOf(db, reader, [id])).get(id)!
  const problem = ticket.problem && {
    ...ticket.problem,
    quiet: await quietOf(db, { id, service_id, symptom_key: ticket.symptom_key }),
  }
  const state = ticket.state as TicketState
  const may = visible
    ? [
        ...allowed(life, state, { workable, works, own, watching, recent, is_merged, is_split }),
        ...majorSteps(ticket, { workable, works }),
        ...(workable && works && life === 'request' && isOpen(state) && !ticket.approval?.approved_at
          ? ['ask-approval']
          : []),
        ...(workable && works && life === 'standard' ? ['keep-template'] : []),
      ]
    : []
  return {
    ...ticket,
    attachments: ticket.attachments.map((file) => ({ ...file, preview: previewOf(file) })),
    problem,
    sla,
    may,
    statuses: may.includes('status') ? within(life, state, may, offered) : [],
  }
}

type Offered = Omit<Shown['statuses'][number], 'move'>

/** The statuses within reach: of the present state, or where a step leads that takes one. */
function within(life: Life, state: TicketState, may: string[], offered: Offered[]): Shown['statuses'] {
  const leading = (to: string) =>
    MOVES.findLast((move) => may.includes(move) && takesStatus(move) && ruleFor(life, state, move)?.to === to)
  return offered.flatMap((status) => {
    const move = status.state === state ? null : leading(status.state)
    return move === undefined ? [] : [{ ...status, move }]
  })
}

// Who takes notice, or asks for approvals, has something else to say.
const takesStatus = (move: Move) => move !== 'acknowledge' && move !== 'authorize'

async function quietOf(db: Db, problem: Parameters<typeof unquiet>[1]) {
  const found = await unquiet({ db, now: await readNow(db) }, problem)
  return found ? { ...found, until: found.until.toISOString() } : null
}

function majorSteps(
  { kind, state, major_incident }: Pick<Shown, 'kind' | 'state' | 'major_incident'>,
  { workable, works }: { workable: boolean; works: boolean },
): string[] {
  if (!workable) return []
  const major = major_incident?.state ?? null
  const moves = majorMoves({ kind, open: isOpen(state as TicketState), major })
    .filter((move) => works || move === 'propose')
    .map((move) => `${move}-major`)
  return [...moves, ...(isTold({ state, major }) ? ['update-major', 'choose-stakeholders'] : [])]
}

interface Place {
  workable: boolean
  /** May plan and assign, not answer only. */
  works: boolean
  own: boolean
  watching: boolean
  visible: boolean
  /** Open, or solved so lately that its requester may still say it is not. */
  recent: boolean
  /** Goes on in another ticket. */
  is_merged: boolean
  /** Was made of messages of another, and that is not undone. */
  is_split: boolean
}

function allowed(life: Life, state: TicketState, place: Omit<Place, 'visible'>): string[] {
  const { workable, works, own, watching, recent, is_merged, is_split } = place
  const moves = MOVES.filter((move) => {
    const rule = ruleFor(life, state, move)
    if (!rule || (is_merged && move === 'reopen')) return false
    return workable ? rule.who === 'answer' || works : own && recent && rule.requester
  })
  const ended = state === 'closed' || state === 'cancelled'
  return [
    ...moves,
    ...(ended || !(workable || own) ? [] : ['reply']),
    ...(workable
      ? [
          'note',
          'status',
          'tag',
          'link',
          'edit',
          'rearrange',
          ...(isOpen(state) ? ['assign', 'route', 'page'] : []),
        ]
      : []),
    ...(workable && works && is_merged ? ['unmerge'] : []),
    ...(workable && works && !ended ? ['split-off'] : []),
    ...(workable && works && is_split && isOpen(state) ? ['undo-split'] : []),
    ...(workable && works && life === 'incident' ? ['raise-problem'] : []),
    ...(workable && works && life === 'problem' ? ['publish-workaround'] : []),
    watching ? 'unwatch' : 'watch',
  ]
}

export const getRoutes: Resource = (app, { db }) => {
  app.openapi(get, async (c) => {
    const ticket = await readTicket(db, c.get('reader'), c.req.valid('param').number)
    c.header('etag', `"${ticket.revision}"`)
    return c.json(ticket, 200)
  })
}
