-- Answers to questions of one's own, as they are looked for: numbers and days by range, written ones by their words.
-- The ticket keeps them in `fields`; this follows, whoever writes there. Of an imported history only what the desk asks
-- too is kept here: its other columns are many, and found by their whole value.
create table ticket_answer (
  ticket_id uuid not null references ticket,
  key text not null,
  number numeric,                  -- of a day its digits: 20261231
  words tsvector,
  primary key (ticket_id, key)
);
create index ticket_answer_number on ticket_answer (key, number, ticket_id) where number is not null;
create index ticket_answer_words on ticket_answer using gin (words) where words is not null;

create function answers_of(fields jsonb) returns table (key text, number numeric, words tsvector)
language sql stable parallel safe as $$
  select a.key, case
      when a.value ~ '^-?\d{1,15}(\.\d{1,10})?$' then a.value::numeric
      when a.value ~ '^\d{4}-\d{2}-\d{2}$' then replace(a.value, '-', '')::numeric
    end, case when a.type = 'string' then public.search_document(a.value) end
  from (select key, value #>> '{}' as value, jsonb_typeof(value) as type from jsonb_each(fields)) a
  where a.type in ('string', 'number') $$;

create function keep_answers() returns trigger language plpgsql as $$
begin
  delete from ticket_answer where ticket_id = new.id;
  insert into ticket_answer (ticket_id, key, number, words)
  select new.id, a.key, a.number, a.words from answers_of(new.fields) a
  where new.channel <> 'import' or exists (select from custom_field f where f.key = a.key);
  return null;
end $$;
create trigger ticket_answers_kept after insert on ticket for each row when (new.fields <> '{}')
  execute function keep_answers();
create trigger ticket_answers_changed after update of fields on ticket for each row
  when (new.fields is distinct from old.fields) execute function keep_answers();

insert into ticket_answer (ticket_id, key, number, words)
select t.id, a.key, a.number, a.words from ticket t, answers_of(t.fields) a
where t.fields <> '{}' and (t.channel <> 'import' or exists (select from custom_field f where f.key = a.key));
