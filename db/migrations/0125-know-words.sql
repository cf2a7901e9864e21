-- A word that is typed wrong is in no ticket. The words that tickets have stand here once each, so that one like it is
-- found by its trigrams; the engine keeps them by reading the record on. Numbers and codes are not guessed at.
create table known_word (word text primary key);
create function words_to_know(search tsvector) returns setof text language sql immutable parallel safe as
$$ select word from unnest(tsvector_to_array(search)) word where word ~ '^[[:alpha:]]{4,30}$' $$;
-- At a million tickets ts_stat takes a third of what taking every document apart does.
insert into known_word select word from ts_stat('select search from ticket') where word ~ '^[[:alpha:]]{4,30}$';
create index known_word_like on known_word using gin (word gin_trgm_ops);
insert into feed_cursor (reader, place) select 'words', coalesce((select max(place) from activity_place), 0) on conflict do nothing;
