-- A rule's limit asks what it has opened within the last hour.
create index correlated_ticket_rule on correlated_ticket (rule, opened_at);
