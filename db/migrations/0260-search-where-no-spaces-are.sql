-- Chinese and Japanese put no spaces between words, so that a sentence was one word and was found by its beginning alone.
-- Each of their signs is a word of its own now, with the mark that lengthens it; what is typed is looked for as they follow
-- one another. Whatever is ASCII is not looked through.
create function part_signs(value text) returns text language sql immutable parallel safe as
$$ select case when octet_length(value) > length(value)
     then regexp_replace(value, '([\u3040-\u30fb\u30fd-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]\u30fc*)', ' \1 ', 'g')
     else value end $$;

create or replace function search_document(value text) returns tsvector language sql immutable parallel safe as
$$ select to_tsvector('simple', regexp_replace(
     public.part_signs(public.fold_text(left(value, 200000))), '[^[:alnum:]]+', ' ', 'g')) $$;

update ticket t set search = search_of_ticket(t.id)
where concat(t.title, t.description) ~ '[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]'
  or t.id in (select ticket_id from message where body ~ '[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]');
