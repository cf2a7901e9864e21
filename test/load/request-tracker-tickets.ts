import { Client } from 'pg'

/**
 * Makes `count` tickets of the first one that Request Tracker made by itself: with its four role groups, their
 * principals and members, its creation and what was said in it.
 */
export async function fillRequestTracker(url: string, count: number): Promise<void> {
  const client = new Client({ connectionString: url })
  await client.connect()
  try {
    await client.query('set synchronous_commit = off')
    await client.query(`
      insert into tickets (id, effectiveid, queue, type, owner, subject, status, lastupdatedby, lastupdated, creator, created)
      select n, n, queue, type, owner, subject || ' ' || n, (array['new', 'open', 'stalled', 'resolved', 'resolved'])[1 + n % 5],
        lastupdatedby, created - n * interval '10 minutes', creator, created - n * interval '10 minutes'
      from tickets t, generate_series(2, ${count}) n where t.id = 1`)
    await client.query(`
      create temp table role as
      select row_number() over (order by n, g.id) + (select max(id) from principals) as id, n as ticket, g.id as of, g.name
      from groups g, generate_series(2, ${count}) n where g.domain = 'RT::Ticket-Role' and g.instance = 1`)
    await client.query(`insert into principals (id, principaltype) select id, 'Group' from role`)
    await client.query(`
      insert into groups (id, name, domain, instance, creator, created)
      select id, name, 'RT::Ticket-Role', ticket, 1, now() from role`)
    await client.query(`
      insert into groupmembers (groupid, memberid, creator, created)
      select r.id, m.memberid, 1, now() from role r join groupmembers m on m.groupid = r.of`)
    // A line of this table is its own way, so its id is given beforehand.
    await client.query(`
      insert into cachedgroupmembers (id, groupid, memberid, via, immediateparentid)
      select c.id, c.groupid, c.memberid, c.id, c.groupid from (
        select nextval('cachedgroupmembers_id_seq') as id, r.id as groupid,
          case m.memberid when r.of then r.id else m.memberid end as memberid
        from role r join cachedgroupmembers m on m.groupid = r.of) c`)
    await client.query(`
      with told as (
        insert into transactions (objecttype, objectid, type, creator, created)
        select 'RT::Ticket', n, 'Create', creator, created from transactions t, generate_series(2, ${count}) n
        where t.objecttype = 'RT::Ticket' and t.objectid = 1 and t.type = 'Create' returning id)
      insert into attachments (transactionid, parent, contenttype, content, headers, creator, created)
      select told.id, 0, a.contenttype, a.content, a.headers, a.creator, a.created
      from told, (select * from attachments order by id limit 1) a`)
    for (const table of ['tickets', 'principals', 'groups'])
      await client.query(`select setval('${table}_id_seq', (select max(id) from ${table}))`)
    await client.query('analyze')
  } finally {
    await client.end()
  }
}
