import { Client } from 'pg'

/** A number from 0 that belongs to the row, so that what is chosen by it is spread, and the same in every run. */
const chance = (id: string, salt = 0): string => `(hashtextextended(${id}::text, ${salt}) & 2147483647)`
/** One of an array, by such a number. */
const one = (array: string, by: string): string => `(${array})[(1 + ${by} % cardinality(${array}))::int]`
const OPEN = `state not in ('resolved', 'closed', 'cancelled')`
const ENDED = `state in ('resolved', 'closed')`
const PERSON = (id: string, salt: number) => one('d.people', chance(id, salt))

/**
 * What stands beside tickets in a desk of this size, about one row in 2 to 40 tickets: people and organisations, items,
 * messages, watchers, time spent, points, files, links, plans of changes, majors, alerts, pages, what rules and webhooks
 * did. Each statement is told, so that a long load is seen to go on. `d` is what rows are dealt from.
 */
const STATEMENTS: Record<string, string> = {
  organisations: `
    with top as (insert into organisation (name) select 'Customer ' || n from generate_series(1, 50) n returning id, name)
    insert into organisation (name, parent_id)
    select t.name || ', site ' || n, t.id from top t cross join generate_series(1, 9) n`,
  people: `
    with o as materialized (select array_agg(id order by id) as ids from organisation)
    insert into person (name, email, organisation_id)
    select (array['Ada','Bruno','Chiara','David','Elena','Farid','Giulia','Hugo','Ines','Jonas','Karin','Luca','Mona','Nadia'])[1 + n % 14]
        || ' ' || (array['Rossi','Bernard','Keller','Moreau','Conti','Fischer','Petit','Greco','Dubois','Weber','Ricci'])[1 + n / 14 % 11]
        || ' ' || n, 'caller' || n || '@customer.example', ${one('o.ids', 'n')}
    from generate_series(1, 50000) n, o`,
  items: `
    with s as materialized (select array_agg(id order by id) as ids from service)
    insert into configuration_item (name, kind, service_id)
    select 'node-' || n || '.site' || n % 90 || '.example', 'server', ${one('s.ids', 'n')} from generate_series(1, 20000) n, s`,
  'tickets of organisations': `
    update ticket t set organisation_id = ${one('o.ids', chance('t.id'))}
    from (select array_agg(id order by id) as ids from organisation) o where ${OPEN}`,
  changes: `
    update ticket t set kind = 'change', number = 'CHG-' || (900000000 + x.n)
    from (select id, row_number() over (order by id) as n from ticket
          where kind = 'request' and state = 'closed' and ${chance('id')} % 30 = 0) x where x.id = t.id`,
  'plans of changes': `
    insert into change_plan (ticket_id, type, risk, planned_start, planned_end, approved_at, implemented_at, ended_at, outcome)
    select t.id, one.type, 'low', s.at, s.at + interval '2 hours', case when ended then t.created_at end,
      case when ended then s.at end, case when ended then s.at + interval '1 hour' end, case when ended then 'successful' end
    from (select *, ${chance('id')} as h, not (${OPEN}) as ended from ticket where kind = 'change') t
    cross join lateral (select (array['standard', 'normal', 'normal', 'emergency'])[1 + t.h % 4] as type) one
    cross join lateral (select case when t.ended then t.created_at + interval '3 days'
      else now() + t.h % 60 * interval '1 day' + t.h % 24 * interval '1 hour' end as at) s
    on conflict do nothing`,
  approvals: `
    with asked as (
      insert into approval (ticket_id, rule, state, asked_at, decided_at)
      select c.ticket_id, 'any', case when c.approved_at is null then 'open' else 'approved' end, t.created_at, c.approved_at
      from change_plan c join ticket t on t.id = c.ticket_id returning id, ticket_id, state, decided_at)
    insert into approver (approval_id, person_id, decision, decided_at)
    select a.id, p.id, case when a.state = 'approved' and p.n = 1 then 'approved' end, case when p.n = 1 then a.decided_at end
    from asked a, dealt d, lateral (
      select distinct on (id) id, n from (values (d.people[1], 1), (${PERSON('a.ticket_id', 1)}, 2), (${PERSON('a.ticket_id', 2)}, 3)) v(id, n)
      order by id, n) p`,
  'windows of changes': `
    with planned as (
      insert into maintenance (kind, reason, author_id, service_ids, starts_at, ends_at, until, change_id, created_at)
      select 'window', 'Change', d.people[1], array_remove(array[t.service_id], null), c.planned_start, c.planned_end, c.planned_end, t.id, t.created_at
      from change_plan c join ticket t on t.id = c.ticket_id, dealt d where c.approved_at is not null returning *)
    insert into maintenance_span (maintenance_id, starts_at, ends_at, begun_at, ended_at)
    select id, starts_at, ends_at, case when starts_at < now() then starts_at end, case when ends_at < now() then ends_at end from planned`,
  problems: `
    insert into problem (ticket_id, root_cause, workaround, known_error_at, published_at)
    select id, 'A leak', 'Restart it', case when ${chance('id')} % 2 = 0 then created_at end, case when ${chance('id')} % 4 = 0 then created_at end
    from ticket where kind = 'problem' on conflict do nothing`,
  'links to problems': `
    insert into ticket_link (from_id, to_id, kind, created_at)
    select i.id, p.ids[(1 + floor(cardinality(p.ids) * power(${chance('i.id', 3)} / 2147483648.0, 3)))::int], 'caused_by', i.created_at
    from ticket i, (select array_agg(id order by id) as ids from ticket where kind = 'problem') p
    where i.kind = 'incident' and ${chance('i.id')} % 20 = 0 on conflict do nothing`,
  majors: `
    insert into major_incident (ticket_id, state, lead_id, proposed_at, decided_at, decided_by)
    select t.id, 'declared', d.people[1], t.created_at, t.created_at, d.people[1] from ticket t, dealt d
    where t.kind = 'incident' and t.priority in ('P1', 'P2') and t.${ENDED} and ${chance('t.id')} % 60 = 0 on conflict do nothing`,
  reviews: `
    insert into review (ticket_id, what_happened, impact, root_cause, started_at, finished_at)
    select m.ticket_id, 'It broke', 'Orders', 'A leak', m.decided_at, case when ${chance('m.ticket_id')} % 9 > 0 then m.decided_at + interval '9 days' end
    from major_incident m join ticket t on t.id = m.ticket_id where t.${ENDED} and ${chance('m.ticket_id', 1)} % 12 > 0 on conflict do nothing`,
  actions: `
    insert into review_action (ticket_id, title, owner_id, due_on, due_at, done_at, remind_at, created_at)
    select r.ticket_id, 'Mend it', ${PERSON('r.ticket_id', 4)}, r.started_at::date + 30, r.started_at + interval '30 days',
      case when n = 1 then r.started_at + interval '20 days' end, case when n = 2 then now() + interval '7 days' end, r.started_at
    from review r cross join generate_series(1, 2) n, dealt d where n = 1 or ${chance('r.ticket_id')} % 5 = 0`,
  messages: `
    insert into message (ticket_id, author_id, kind, from_requester, body, created_at)
    select t.id, coalesce(t.assignee_id, t.requester_id), case when n = 2 then 'note' else 'reply' end, n = 3,
      'We have looked at ' || t.title || ' and will tell you more of it today.', t.created_at + n * interval '40 minutes'
    from ticket t cross join generate_series(1, 3) n where ${chance('t.id')} % 4 = 0`,
  mentions: `
    insert into mention (message_id, person_id, told)
    select m.id, ${PERSON('m.id', 5)}, true from message m, dealt d where m.kind = 'note' and ${chance('m.id')} % 3 = 0`,
  watchers: `
    insert into watcher (ticket_id, person_id, created_at)
    select t.id, ${PERSON('t.id', 6)}, t.created_at from ticket t, dealt d where ${chance('t.id')} % 6 = 0 on conflict do nothing`,
  'time spent': `
    insert into work_entry (ticket_id, person_id, minutes, at, created_at)
    select t.id, ${PERSON('t.id', 7)}, 5 + ${chance('t.id')} % 90, t.created_at + interval '2 hours', t.created_at + interval '2 hours'
    from ticket t, dealt d where ${chance('t.id')} % 5 = 0`,
  points: `
    insert into checklist_item (ticket_id, position, text, required, done_at, created_at)
    select t.id, n, 'Point ' || n, n = 1, case when t.${ENDED} then t.created_at end, t.created_at
    from ticket t cross join generate_series(1, 4) n where ${chance('t.id')} % 25 = 0`,
  reminders: `
    insert into reminder (person_id, ticket_id, kind, due_at, seen_revision, state, fired_at, created_at)
    select ${PERSON('t.id', 8)}, t.id, 'time', case when s.waits then now() + interval '9 days' else t.created_at end, 1,
      case when s.waits then 'waiting' else 'done' end, case when not s.waits then t.created_at end, t.created_at
    from ticket t, dealt d, lateral (select t.${OPEN} as waits) s where ${chance('t.id')} % 40 = 0`,
  files: `
    insert into attachment (ticket_id, uploader_id, name, content_type, size, sha256, created_at)
    select t.id, t.requester_id, 'screen.png', 'image/png', 4711, '\\x00', t.created_at from ticket t where ${chance('t.id')} % 10 = 0`,
  routes: `
    insert into ticket_route (ticket_id, version, rule, place, team_id, matched, routed_at)
    select t.id, 1, md5((${chance('t.id')} % 20)::text)::uuid::text, 1 + ${chance('t.id')} % 20, t.team_id, '{}', t.created_at
    from ticket t where t.team_id is not null and ${chance('t.id')} % 2 = 0 on conflict do nothing`,
  firings: `
    insert into automation_firing (rule, version, place, kind, occasion, ticket_id, matched, state, due_at, created_at, ended_at)
    select md5(h::text)::uuid, 2, 1, 'activity', id::text, id, '{}', (array['done', 'done', 'done', 'done', 'failed', 'cut'])[1 + h % 6],
      created_at, created_at, created_at
    from (select id, created_at, (${chance('id')} / 8 % 12)::int as h from ticket where ${chance('id')} % 8 = 0) t`,
  'since when unchanged': `
    insert into automation_quiet (ticket_id, since) select id, updated_at from ticket where ${chance('id')} % 4 = 0`,
  'webhook messages': `
    with w as (
      insert into webhook (name, url, secret_encrypted, state, from_place, created_at)
      values ('Billing', 'https://billing.example/desk', '\\x00', 'off', 0, now()) returning id), sent as (
      insert into webhook_delivery (webhook_id, ticket_id, place, type, body, state, due_at, attempts, created_at, ended_at)
      select w.id, t.id, 0, 'ticket.resolve', '{}', case when ${chance('t.id')} % 90 = 0 then 'failed' else 'delivered' end,
        t.created_at, 1, t.created_at, t.created_at
      from ticket t, w where ${chance('t.id')} % 6 = 0 returning id, created_at)
    insert into webhook_attempt (delivery_id, at, ok, status, duration_ms) select id, created_at, true, 200, 80 from sent`,
  alerts: `
    with i as materialized (select array_agg(id order by id) as ids from integration where archived_at is null), fired as (
      insert into alert (integration_id, dedup_key, status, severity, title, host, service_id, group_key, starts_at, ends_at,
        first_event_at, last_event_at, ticket_id, updated_at, seen_at)
      select ${one('i.ids', chance('t.id', 9))}, t.id::text, case when t.${OPEN} then 'firing' else 'resolved' end, 'error', t.title,
        'node-' || ${chance('t.id')} % 20000, t.service_id, t.id::text, t.created_at, t.resolved_at,
        t.created_at, coalesce(t.resolved_at, t.created_at), t.id, t.created_at, coalesce(t.resolved_at, t.created_at)
      from ticket t, i where t.kind = 'incident' and ${chance('t.id')} % 3 = 0 on conflict do nothing returning id, ticket_id, starts_at)
    insert into alert_link (alert_id, episode, ticket_id, how, rule, rule_version, evidence, linked_at)
    select id, 1, ticket_id, 'opened', 'default', 1, '{}', starts_at from fired`,
  pages: `
    with g as (
      insert into page (ticket_id, cycle, step, recipient_id, why, state, created_at, ended_at)
      select t.id, 1, 0, ${PERSON('t.id', 10)}, w.why, 'ended', t.created_at, t.created_at + interval '3 minutes'
      from ticket t, dealt d, (select why from page where why ? 'paths' limit 1) w where t.kind = 'incident' and t.priority in ('P1', 'P2') and ${chance('t.id')} % 2 = 0
      on conflict do nothing returning id, recipient_id, created_at)
    insert into delivery (page_id, contact_method_id, position, state, due_at, attempts, sent_at, created_at)
    select g.id, c.id, 1, 'sent', g.created_at, 1, g.created_at, g.created_at from g join contact_method c on c.person_id = g.recipient_id`,
  escalations: `
    with v as materialized (select id from escalation_policy_version limit 1), e as (
      insert into escalation (ticket_id, cycle, policy_version_id, state, started_at, ended_at)
      select distinct on (g.ticket_id) g.ticket_id, 1, v.id, 'acknowledged', g.created_at, g.ended_at from page g, v
      on conflict do nothing returning id, started_at)
    insert into escalation_step (escalation_id, position, due_at, decided_at) select id, 0, started_at, started_at from e`,
  notices: `
    insert into notice (person_id, ticket_id, activity_id, template, state, due_at, sent_at, created_at)
    select t.requester_id, t.id, t.id, 'reply', 'sent', t.created_at, t.created_at, t.created_at
    from ticket t where t.requester_id is not null and ${chance('t.id')} % 3 = 0 on conflict do nothing`,
  'lines of configuration': `
    insert into activity (id, recorded_at, at, actor_kind, actor_id, verb, subject_kind, subject_id, visibility)
    select uuidv7(-n * interval '15 minutes'), now() - n * interval '15 minutes', now() - n * interval '15 minutes', 'person', d.people[1],
      (array['edit', 'create', 'archive', 'publish', 'sign-in'])[1 + n % 5], (array['person', 'service', 'setting'])[1 + n % 3], d.people[1], 'audit'
    from generate_series(1, 60000) n, dealt d`,
  'an import': `
    with i as (insert into import (name, state, columns, rows, items, created_at, ended_at)
      values ('old-desk.csv', 'done', array['number'], 100000, 100000, now(), now()) returning id)
    insert into import_item (import_id, key, position, rows, done, ticket_id)
    select i.id, t.number, row_number() over (), array[1], true, t.id from i, (select number, id from ticket limit 100000) t`,
}

/** Fills a desk of the demo that has many tickets with what stands beside them. */
export async function fillBeside(ownerUrl: string, told: (what: string, ms: number) => void): Promise<void> {
  const client = new Client({ connectionString: ownerUrl })
  await client.connect()
  try {
    await client.query(
      `set synchronous_commit = off; set work_mem = '256MB'; set session_replication_role = replica`,
    )
    await client.query(
      `create temp table dealt as select array_agg(distinct person_id) as people from role_grant`,
    )
    for (const [what, statement] of Object.entries(STATEMENTS)) {
      const began = performance.now()
      // oxlint-disable-next-line no-await-in-loop -- each stands on those before it
      await client.query(statement)
      told(what, performance.now() - began)
    }
    await client.query('vacuum (analyze)')
  } finally {
    await client.end()
  }
}
