import type { Mapping } from '../mapping.ts'
import { KINDS, LEVELS, OUTCOMES, pending, PRIORITIES, STATES } from './words.ts'

type Input = Parameters<typeof Mapping.parse>[0]

/** Jira Service Management: an issue search exported as CSV (all fields or the current ones), one row an issue. */
export const jira: Input = {
  source: 'jira',
  rows: 'ticket',
  dates: 'auto',
  number: ['Issue key', 'Key'],
  at: ['Updated'],
  kind: {
    from: ['Issue Type', 'Issue type', 'Work type', 'Type'],
    values: KINDS,
  },
  state: {
    from: ['Status'],
    values: {
      ...STATES,
      'waiting for support': { state: 'in_progress' },
      'under review': { state: 'in_progress' },
      implementing: { state: 'in_progress' },
      planning: { state: 'in_progress' },
      review: { state: 'in_progress' },
      'waiting for approval': pending('requester'),
      'awaiting cab approval': pending('other'),
      'awaiting implementation': pending('change'),
    },
  },
  title: ['Summary', 'Résumé', 'Riepilogo', 'Zusammenfassung'],
  description: ['Description'],
  impact: {
    from: ['Custom field (Impact)', 'Impact'],
    values: LEVELS,
  },
  urgency: {
    from: ['Custom field (Urgency)', 'Urgency'],
    values: LEVELS,
  },
  priority: {
    from: ['Priority'],
    values: { ...PRIORITIES, major: 'P2' },
  },
  service: ['Custom field (Affected services)', 'Affected services', 'Component/s', 'Components'],
  category: ['Custom field (Request Type)', 'Request Type', 'Custom field (Category)'],
  symptom: ['Custom field (Root cause)', 'Custom field (Request Type)', 'Request Type'],
  team: ['Custom field (Team)', 'Team', 'Custom field (Assignment group)'],
  assignee: ['Assignee'],
  requester: ['Reporter'],
  reporter: ['Creator', 'Reporter'],
  tags: ['Labels', 'Label'],
  created_at: ['Created', 'Creation date'],
  resolved_at: ['Resolved', 'Resolution date'],
  resolution_code: ['Resolution'],
  sla: {
    response: {
      from: ['Custom field (Time to first response)', 'Time to first response'],
      values: OUTCOMES,
    },
    resolution: {
      from: ['Custom field (Time to resolution)', 'Time to resolution'],
      values: OUTCOMES,
    },
  },
  comments: { from: ['Comment', 'Comments'], form: 'date;author;text' },
  fields: {
    project: ['Project key', 'Project name'],
    satisfaction: ['Satisfaction rating'],
  },
}
