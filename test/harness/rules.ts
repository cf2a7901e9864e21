import { randomUUID } from 'node:crypto'
import type { Rule } from '@tocsin/desk'

/** A correlation rule that holds for every alert and opens an incident, unless said otherwise. */
export const aRule = (over: Partial<Rule> = {}): Rule => ({
  id: randomUUID(),
  name: 'A rule',
  enabled: true,
  when: 'true',
  group_by: [],
  window_minutes: null,
  opens: 'incident',
  confirm: false,
  impact: null,
  urgency: null,
  service_id: null,
  team_id: null,
  escalation_policy_id: null,
  resolve_on: 'all',
  patience: null,
  ...over,
})
