-- What was said about a ticket was not searched. Its words now stand in the ticket's own document, so that the one
-- index serves: those of notes with the weight C, everything else with D, by which a reader who may not see notes
-- searches. An edit of a title also lost the number that an import had brought.
create function search_message(kind text, body text) returns tsvector language sql immutable parallel safe as
$$ select setweight(public.search_document(body), (case kind when 'note' then 'C' else 'D' end)::"char") $$;

-- A tsvector ends at 1 MB: what would pass that is left out, and never costs anybody their message.
create function search_joined(search tsvector, more tsvector) returns tsvector language sql immutable parallel safe as
$$ select case when octet_length(search::text) + octet_length(more::text) < 900000 then search || more else search end $$;

create function search_of_ticket(of uuid) returns tsvector language sql stable as
$$ select search_joined(search_joined(
     search_document(concat_ws(' ', t.title, t.external_id, t.description, p.root_cause, p.workaround)),
     search_message('reply', coalesce(m.replies, ''))), search_message('note', coalesce(m.notes, '')))
   from ticket t left join problem p on p.ticket_id = t.id,
     lateral (select string_agg(body, ' ' order by created_at, id) filter (where kind = 'reply') as replies,
                     string_agg(body, ' ' order by created_at, id) filter (where kind = 'note') as notes
              from message where ticket_id = t.id and erased_at is null) m
   where t.id = of $$;

update ticket t set search = search_of_ticket(t.id)
where exists (select from message m where m.ticket_id = t.id) or (t.channel = 'import' and t.external_id is not null);
