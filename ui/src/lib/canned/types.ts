import type { Level, Ref } from '#lib/api/types.ts'

/** Whose it is: mine, a team's, everybody's at the desk. */
export type Scope = 'own' | 'team' | 'all'

interface Canned {
  id: string
  title: string
  scope: Scope
  team: Ref | null
  archived: boolean
  may_edit: boolean
  created_at: string
  revision: number
}
export interface CannedReply extends Canned {
  body: string
}
export interface Macro extends Canned {
  does: Does
}

export const macroMoves = [
  'acknowledge',
  'start',
  'pend',
  'resume',
  'resolve',
  'close',
  'reopen',
  'cancel',
] as const
export type MacroMove = (typeof macroMoves)[number]

/** What a macro does to a ticket; what is not there stays as it is. */
export interface Does {
  reply?: string
  note?: string
  move?: { name: MacroMove; reason?: string; code?: string }
  impact?: Level
  urgency?: Level
  team_id?: string | null
  assignee?: string | null
  category_id?: string | null
  add_tags?: string[]
  remove_tags?: string[]
}

export interface MacroPreview {
  revision: number
  refused: string | null
  changes: { field: string; before: unknown; after: unknown }[]
  says: { kind: 'reply' | 'note'; body: string }[]
}

export interface OfferedMacro {
  id: string
  title: string
  revision: number
  refused: string | null
}
