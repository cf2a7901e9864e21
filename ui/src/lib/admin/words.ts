import { m } from '#lib/paraglide/messages.js'

const roles: Record<string, () => string> = {
  employee: m.admin_role_employee,
  agent: m.admin_role_agent,
  on_call: m.admin_role_on_call,
  manager: m.admin_role_manager,
  administrator: m.admin_role_administrator,
}

/** A role's name in the language of the page; an unknown one is shown as it is. */
export const roleWord = (role: string): string => roles[role]?.() ?? role

export const roleOptions = () =>
  ['agent', 'on_call', 'manager', 'administrator'].map((value) => ({ value, label: roleWord(value) }))
