import type { Mapping } from '../mapping.ts'
import { PRIORITIES, STATES } from './words.ts'

type Input = Parameters<typeof Mapping.parse>[0]

/** osTicket: a queue exported as CSV. */
export const osticket: Input = {
  source: 'osticket',
  rows: 'ticket',
  dates: 'auto',
  html: true,
  number: ['Ticket Number'],
  at: ['Last Updated', 'Last Update'],
  state: { from: ['Current Status', 'Status'], values: STATES },
  title: ['Subject'],
  description: ['Issue Details', 'Description'],
  priority: { from: ['Priority'], values: PRIORITIES },
  category: ['Help Topic', 'Topic'],
  symptom: ['Help Topic', 'Topic'],
  team: ['Department', 'Team Assigned', 'Team'],
  assignee: ['Agent Assigned', 'Agent'],
  requester: ['From Email', 'Email', 'From', 'User'],
  created_at: ['Date Created', 'Create Date'],
  closed_at: ['Closed Date', 'Close Date'],
  reopen_count: ['Reopen Count'],
  fields: {
    source: ['Source'],
    sla_plan: ['SLA', 'SLA Plan'],
    threads: ['Thread Count'],
  },
}
