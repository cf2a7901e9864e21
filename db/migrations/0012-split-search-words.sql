-- "web-9" was one word and a negative number, so a search for 9 missed it. Words of tickets are now runs of
-- letters and digits, as the search box reads them.
create function search_document(value text) returns tsvector language sql immutable parallel safe as
$$ select to_tsvector('simple', regexp_replace(public.fold_text(left(value, 200000)), '[^[:alnum:]]+', ' ', 'g')) $$;
update ticket set search = search_document(title || ' ' || description);
