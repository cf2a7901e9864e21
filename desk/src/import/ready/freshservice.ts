import type { Mapping } from '../mapping.ts'
import { KINDS, LEVELS, OUTCOMES, PRIORITIES, STATES } from './words.ts'

type Input = Parameters<typeof Mapping.parse>[0]

/** Freshservice and Freshdesk: tickets exported as CSV. */
export const freshservice: Input = {
  source: 'freshservice',
  rows: 'ticket',
  missing: ['--', 'No Agent', 'Not Assigned'],
  dates: 'auto',
  html: true,
  number: ['Ticket ID', 'Ticket Id'],
  at: ['Last updated time', 'Last Updated Time', 'Updated Time'],
  kind: { from: ['Type'], values: KINDS },
  state: { from: ['Status'], values: STATES },
  title: ['Subject'],
  description: ['Description'],
  impact: { from: ['Impact'], values: LEVELS },
  urgency: { from: ['Urgency'], values: LEVELS },
  priority: { from: ['Priority'], values: PRIORITIES },
  service: ['Affected Service', 'Product'],
  category: ['Category'],
  symptom: ['Sub-Category', 'Sub Category', 'Category'],
  location: ['Location', 'Requester Location'],
  team: ['Assigned Group', 'Group'],
  assignee: ['Agent', 'Agent Name'],
  requester: [
    { join: ['Requester Name', 'Requester Email'], with: ' ', partly: true },
    'Requester Email',
    'Email',
    'Requester Name',
    'Full name',
    'Contact ID',
  ],
  tags: ['Tags'],
  created_at: ['Created Time', 'Created time', 'Created Date'],
  first_response_at: ['Initial response time', 'First Response Time'],
  resolved_at: ['Resolved Time', 'Resolved Date'],
  closed_at: ['Closed Time', 'Closed Date'],
  sla: {
    response: { from: ['First Response Status', 'First response status'], values: OUTCOMES },
    resolution: { from: ['Resolution Status', 'Resolution status'], values: OUTCOMES },
  },
  fields: {
    department: ['Department', 'Company Name'],
    channel: ['Source'],
    satisfaction: ['Survey results', 'Survey Result'],
  },
}
