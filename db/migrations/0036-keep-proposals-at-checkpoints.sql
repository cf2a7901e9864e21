-- What waits for a person when a day's checkpoint is made is part of it: accepted later, a replay must know what of.
alter table checkpoint_row drop constraint checkpoint_row_kind_check;
alter table checkpoint_row add constraint checkpoint_row_kind_check check (kind in ('alert', 'ticket', 'proposal'));
