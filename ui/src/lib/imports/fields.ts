import { m } from '#lib/paraglide/messages.js'

export const CODED = [
  'kind',
  'state',
  'pending_reason',
  'impact',
  'urgency',
  'priority',
  'sla.response',
  'sla.resolution',
] as const
export type CodedField = (typeof CODED)[number]
export const isCoded = (name: string): name is CodedField => (CODED as readonly string[]).includes(name)

export interface Field {
  name: string
  label: string
  required?: boolean
}

const field = (name: string, label: string, required = false): Field => ({ name, label, required })

/** What a ticket has that a column may say, in the groups of the form. */
export const fieldGroups = (): { label: string; fields: Field[] }[] => [
  {
    label: m.imports_group_what(),
    fields: [
      field('number', m.imports_field_number(), true),
      field('title', m.common_title(), true),
      field('description', m.common_description()),
      field('kind', m.common_kind()),
      field('state', m.common_state()),
      field('pending_reason', m.imports_field_reason()),
      field('impact', m.common_impact()),
      field('urgency', m.common_urgency()),
      field('priority', m.common_priority()),
      field('tags', m.tags()),
    ],
  },
  {
    label: m.imports_group_where(),
    fields: [
      field('service', m.common_service()),
      field('item', m.imports_field_item()),
      field('category', m.imports_field_category()),
      field('symptom', m.imports_field_symptom()),
      field('location', m.imports_field_location()),
      field('team', m.common_team()),
      field('assignee', m.common_assignee()),
      field('requester', m.common_requester()),
      field('reporter', m.imports_field_reporter()),
    ],
  },
  {
    label: m.imports_group_when(),
    fields: [
      field('created_at', m.imports_field_created(), true),
      field('at', m.imports_field_at()),
      field('acknowledged_at', m.imports_field_acknowledged()),
      field('first_response_at', m.imports_field_response()),
      field('resolved_at', m.imports_field_resolved()),
      field('closed_at', m.imports_field_closed()),
      field('zone_from', m.imports_field_zone()),
    ],
  },
  {
    label: m.imports_group_end(),
    fields: [
      field('resolution_code', m.imports_field_code()),
      field('reopen_count', m.imports_field_reopened()),
      field('sla.response', m.imports_field_sla_response()),
      field('sla.resolution', m.imports_field_sla_resolution()),
      field('comments', m.imports_field_comments()),
    ],
  },
]

const level = () => [
  { value: 'high', label: m.level_high() },
  { value: 'medium', label: m.level_medium() },
  { value: 'low', label: m.level_low() },
]
const outcome = () => [
  { value: 'met', label: m.imports_met() },
  { value: 'breached', label: m.imports_breached() },
]

/** What the words of a coded column can mean. */
export const meanings = (name: CodedField): { value: string; label: string }[] => {
  switch (name) {
    case 'kind':
      return [
        { value: 'incident', label: m.kind_incident() },
        { value: 'request', label: m.kind_request() },
        { value: 'problem', label: m.kind_problem() },
        { value: 'change', label: m.kind_change() },
      ]
    case 'state':
      return [
        { value: 'new', label: m.state_new() },
        { value: 'in_progress', label: m.state_in_progress() },
        { value: 'pending:requester', label: m.imports_pending_requester() },
        { value: 'pending:vendor', label: m.imports_pending_vendor() },
        { value: 'pending:change', label: m.imports_pending_change() },
        { value: 'pending:other', label: m.imports_pending_other() },
        { value: 'resolved', label: m.state_resolved() },
        { value: 'closed', label: m.state_closed() },
        { value: 'cancelled', label: m.state_cancelled() },
      ]
    case 'pending_reason':
      return [
        { value: 'requester', label: m.imports_pending_requester() },
        { value: 'vendor', label: m.imports_pending_vendor() },
        { value: 'change', label: m.imports_pending_change() },
        { value: 'other', label: m.imports_pending_other() },
      ]
    case 'impact':
    case 'urgency':
      return level()
    case 'priority':
      return ['P1', 'P2', 'P3', 'P4', 'P5'].map((value) => ({ value, label: value }))
    default:
      return outcome()
  }
}
