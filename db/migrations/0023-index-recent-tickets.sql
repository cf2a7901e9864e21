-- The service map asks what was opened in the last minutes, wherever it was.
create index correlated_ticket_recent on correlated_ticket (opened_at) where node_id is not null;
