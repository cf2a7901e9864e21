-- A word that is typed wrong is in no ticket. The words that tickets have stand here once each, so that one like it is
-- found by its trigrams; the engine keeps them by reading the record on. Numbers and codes are not guessed at.
create table known_word (word text primary key);
create index known_word_like on known_word using gin (word gin_trgm_ops);
create function words_to_know(search tsvector) returns setof text language sql immutable parallel safe as
$$ select word from unnest(tsvector_to_array(search)) word where word ~ '^[[:alpha:]]{4,30}$' $$;
insert into known_word select distinct word from ticket t, words_to_know(t.search) word;
insert into feed_cursor (reader, place) select 'words', coalesce((select max(place) from activity_place), 0) on conflict do nothing;
