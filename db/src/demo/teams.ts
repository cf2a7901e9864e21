/** The teams, with their hours of need: how often their systems call for somebody at night. */
export const TEAMS = {
  'service-desk': { name: 'Service Desk', zone: 'Europe/Rome', rotation: null },
  network: { name: 'Network', zone: 'Europe/Rome', rotation: 'week' },
  platform: { name: 'Platform', zone: 'Europe/Rome', rotation: 'week' },
  databases: { name: 'Databases', zone: 'Europe/Rome', rotation: 'week' },
  payments: { name: 'Payments', zone: 'Europe/Paris', rotation: 'day' },
  workplace: { name: 'Workplace', zone: 'Europe/Rome', rotation: null },
  security: { name: 'Security', zone: 'Europe/Paris', rotation: 'week' },
  field: { name: 'Field Services', zone: 'Europe/Rome', rotation: 'week' },
} as const

export type TeamKey = keyof typeof TEAMS
export const TEAM_KEYS = Object.keys(TEAMS) as TeamKey[]
