import { m } from '#lib/paraglide/messages.js'
import type { FacetName } from './grammar.ts'

/** What the words before a colon are called in the language of the page; typed they are the same in all. */
export const facetLabels = (): Record<FacetName, string> => ({
  kind: m.common_kind(),
  state: m.common_state(),
  status: m.status_filter(),
  priority: m.common_priority(),
  team: m.common_team(),
  service: m.common_service(),
  category: m.common_category(),
  field: m.fields_filter(),
  tag: m.tags_filter(),
  major: m.major_incident(),
  assignee: m.common_assignee(),
  sla: 'SLA',
  age: m.tickets_filter_age(),
  created: m.tickets_filter_created(),
  updated: m.tickets_filter_updated(),
})
