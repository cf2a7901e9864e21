-- Whether an integration is in shadow decides whom the end of a snooze or a window wakes, so replays need to know since
-- when it was: it is recorded with the rest of its configuration from now on.
drop trigger keep_configuration on integration;
create trigger keep_configuration
  after insert or delete or update of id, system, name, service_id, team_id, escalation_policy_id, settings, shadow_since on integration
  for each row execute function
    keep_configuration('id', 'system', 'name', 'service_id', 'team_id', 'escalation_policy_id', 'settings', 'shadow_since');
insert into configuration_history (source, after)
select 'integration', to_jsonb(s) from (
  select id, system, name, service_id, team_id, escalation_policy_id, settings, shadow_since from integration
  where shadow_since is not null) s;
