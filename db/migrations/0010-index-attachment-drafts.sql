-- Files stand as drafts of their uploader until a ticket or a message takes them: counted per person at the
-- door, and swept when a day has passed over them.
create index attachment_draft on attachment (uploader_id, created_at) where ticket_id is null;
create index attachment_message on attachment (message_id) where message_id is not null;
