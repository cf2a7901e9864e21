-- A trial that cannot go on ends and says so; until now it was begun again for ever, and those behind it waited.
alter table automation_trial
  drop constraint automation_trial_state_check,
  add constraint automation_trial_state_check check (state in ('running', 'done', 'failed'));
