import type { Me } from './types.ts'

/** Whether the reader holds a capability in this team: everywhere, or by a role there. The API decides; pages only ask. */
export const mayInTeam = (me: Me | null | undefined, capability: string, teamId: string | null): boolean =>
  me !== null &&
  me !== undefined &&
  (me.administrator ||
    me.roles.some(({ team, capabilities }) => team.id === teamId && capabilities.includes(capability)))
