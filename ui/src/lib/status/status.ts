import type { Kind, State, StatusColor } from '#lib/api/types.ts'
import { m } from '#lib/paraglide/messages.js'
import type { Label } from '#lib/text/label.ts'

/** A finer word for a state, for tickets of one kind. */
export interface Status {
  id: string
  kind: Kind
  key: string
  name: Label
  state: State
  /** What tickets that come to it wait for. */
  pending_reason: string | null
  /** Null: that of its state. */
  color: StatusColor | null
  position: number
  archived: boolean
  revision: number
}

/** The states that tickets of a kind come to, in the order of their life. */
export const statesOf: Record<Kind, readonly State[]> = {
  incident: ['new', 'in_progress', 'pending', 'resolved', 'closed', 'cancelled'],
  request: ['new', 'in_progress', 'pending', 'resolved', 'closed', 'cancelled'],
  problem: ['new', 'in_progress', 'pending', 'fixing', 'resolved', 'closed', 'cancelled'],
  change: ['new', 'assess', 'authorize', 'scheduled', 'implement', 'review', 'closed', 'cancelled'],
}

export const colorWords: Record<StatusColor, () => string> = {
  red: m.status_color_red,
  orange: m.status_color_orange,
  yellow: m.status_color_yellow,
  green: m.status_color_green,
  teal: m.status_color_teal,
  blue: m.status_color_blue,
  violet: m.status_color_violet,
  grey: m.status_color_grey,
}
