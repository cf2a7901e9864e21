-- What an import brought under a key is looked for as soon as the desk asks for it, not only after it was written again.
create function keep_old_answers() returns trigger language plpgsql as $$
begin
  insert into ticket_answer (ticket_id, key, number, words)
  select t.id, a.key, a.number, a.words from ticket t, answers_of(jsonb_build_object(new.key, t.fields -> new.key)) a
  where t.channel = 'import' and t.fields ? new.key
  on conflict do nothing;
  return null;
end $$;
create trigger custom_field_asked after insert on custom_field for each row execute function keep_old_answers();
