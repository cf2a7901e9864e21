-- The figures read the time spent on a ticket again when it changes, also what was taken away since.
create index work_entry_of_ticket on work_entry (ticket_id);
