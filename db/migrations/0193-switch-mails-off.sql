-- Whoever is mentioned is told on the page where they are, and by mail unless they have switched that off.
alter table person add column mention_mails boolean not null default true;
