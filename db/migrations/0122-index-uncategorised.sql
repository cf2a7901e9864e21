-- Tickets that nobody gave a category: where they are few among a million, they were met by reading all (0.5 s).
create index ticket_uncategorised on ticket (created_at desc, id desc) where category_id is null;
