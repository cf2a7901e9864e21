import type { Me } from '#lib/api/types.ts'

/** What each section of the administration asks for: to change it, or where it is read only, to read it. */
const needs = {
  '/admin/integrations': 'integration.read',
  '/admin/rules': 'rule.edit',
  '/admin/routing': 'rule.edit',
  '/admin/automation': 'automation.edit',
  '/admin/lookups': 'rule.edit',
  '/admin/webhooks': 'webhook.edit',
  '/admin/services': 'service.edit',
  '/admin/catalogue': 'catalogue.edit',
  '/admin/categories': 'catalogue.edit',
  '/admin/statuses': 'catalogue.edit',
  '/admin/fields': 'catalogue.edit',
  '/admin/checklists': 'catalogue.edit',
  '/admin/tags': 'catalogue.edit',
  '/canned-replies': 'catalogue.edit',
  '/macros': 'catalogue.edit',
  '/admin/priorities': 'setting.edit',
  '/admin/teams': 'team.assign',
  '/admin/skills': 'team.edit',
  '/admin/people': 'person.edit',
  '/admin/groups': 'person.edit',
  '/admin/organisations': 'person.edit',
  '/oncall/schedules': 'schedule.edit',
  '/admin/escalations': 'schedule.edit',
  '/admin/slas': 'calendar.edit',
  '/admin/calendars': 'calendar.edit',
  '/admin/keys': 'key.edit',
  '/admin/permissions': 'audit.read',
  '/admin/audit': 'audit.read',
  '/admin/imports': 'import.edit',
  '/admin/mailbox': 'mail.read',
} as const
export type SectionPath = keyof typeof needs

export const mayOpen = (me: Me, section: SectionPath): boolean => me.capabilities.includes(needs[section])

const sections = Object.keys(needs) as SectionPath[]

/** Whether there is anything to administer for this person: administrators have all of it, managers their teams'. */
export const administers = (me: Me): boolean => sections.some((section) => mayOpen(me, section))

/** Whether the page at this path is theirs to open; what names no section is the index of those that are. */
export function mayOpenPath(me: Me, path: string): boolean {
  const section = sections.find((one) => path === one || path.startsWith(`${one}/`))
  if (section) return mayOpen(me, section)
  const [, , name] = path.split('/')
  return name === undefined || name === '' ? administers(me) : me.administrator
}
