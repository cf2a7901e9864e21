/** How far a capability reaches. Wider scopes include the narrower. */
export type Scope = 'own' | 'team' | 'all'
export type Role = 'employee' | 'agent' | 'on_call' | 'manager' | 'administrator'

/** Everything a person or a key can be allowed to do. A route names exactly one of these. */
export const CAPABILITIES = [
  'ticket.read',
  'ticket.create',
  'ticket.comment', // a requester's own words on their ticket
  'ticket.answer', // acknowledge, reply, note, resolve
  'ticket.work', // assign, edit, link, every state
  'alert.read',
  'alert.work',
  'page.read',
  'page.answer',
  'schedule.read',
  'schedule.override',
  'schedule.edit', // schedules and escalation policies
  'service.read',
  'service.edit',
  'team.read',
  'team.edit',
  'team.assign', // how a team hands its tickets out: terms, skills, hours, who is away
  'person.read',
  'person.edit',
  'catalogue.read',
  'catalogue.edit',
  'calendar.read',
  'calendar.edit', // calendars and SLA policies
  'integration.read',
  'integration.edit',
  'rule.read',
  'rule.edit', // rules and look-ups: what belongs together, and what is known beside
  'webhook.edit', // what leaves for other systems, and its log
  'automation.edit', // rules that act on tickets
  'insight.read',
  'audit.read',
  'import.edit', // history of another desk
  'setting.edit',
  'key.edit',
  'mail.read', // the local mailbox that stands in for SMTP
] as const
export type Capability = (typeof CAPABILITIES)[number]

type Grants = Partial<Record<Capability, Scope>>

const EMPLOYEE: Grants = {
  'ticket.read': 'own',
  'ticket.create': 'own',
  'ticket.comment': 'own',
  'catalogue.read': 'all',
  'service.read': 'all',
}
const DESK: Grants = {
  ...EMPLOYEE,
  'ticket.read': 'team',
  'ticket.create': 'all',
  'ticket.comment': 'team',
  'ticket.answer': 'team',
  'alert.read': 'team',
  'alert.work': 'team',
  'page.read': 'team',
  'page.answer': 'own',
  'schedule.read': 'all',
  'calendar.read': 'all',
  'rule.read': 'all',
  'team.read': 'all',
  'person.read': 'all',
}

/** The table of permissions: who may do what, how far. Shown to administrators as it stands here. */
export const GRANTS: Record<Role, Grants> = {
  employee: EMPLOYEE,
  agent: { ...DESK, 'ticket.work': 'team' },
  on_call: { ...DESK, 'schedule.override': 'own' },
  manager: {
    ...DESK,
    'ticket.work': 'team',
    'schedule.override': 'team',
    'schedule.edit': 'team',
    'team.assign': 'team',
    'integration.read': 'team',
    'insight.read': 'team',
    'audit.read': 'team',
  },
  administrator: Object.fromEntries(CAPABILITIES.map((capability) => [capability, 'all'])) as Grants,
}

const WIDTH: Record<Scope, number> = { own: 1, team: 2, all: 3 }

/** The widest scope that the roles give for a capability, or undefined. */
export function widest(roles: Iterable<Role>, capability: Capability): Scope | undefined {
  let best: Scope | undefined
  for (const role of roles) {
    const scope = GRANTS[role][capability]
    if (scope && (!best || WIDTH[scope] > WIDTH[best])) best = scope
  }
  return best
}

/** Every capability that the roles give at all. */
export function capabilitiesOf(roles: Iterable<Role>): Capability[] {
  const held = [...roles]
  return CAPABILITIES.filter((capability) => widest(held, capability))
}
