import { m } from '#lib/paraglide/messages.js'
import { currentLocale } from '#lib/text/locale.ts'
import type { FacetName } from './grammar.ts'
import type { Unread } from './unread.ts'

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
  requester: m.common_requester(),
  channel: m.ticket_channel(),
  sla: 'SLA',
  age: m.tickets_filter_age(),
  created: m.tickets_filter_created(),
  updated: m.tickets_filter_updated(),
})

/** Why a filter cannot be read, and what would stand there. */
export function unreadWords(unread: readonly Unread[]): string {
  const labels = facetLabels()
  const either = new Intl.ListFormat(currentLocale(), { type: 'disjunction' })
  return unread
    .map(({ name: facet, value, known, forms }) => {
      const name = labels[facet]
      if (known) return m.filter_unread_choice({ name, value, known: either.format(known) })
      if (forms) return m.filter_unread_form({ name, value, forms: either.format(forms) })
      return m.filter_unread_person({ value })
    })
    .join(' ')
}
