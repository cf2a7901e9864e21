import type { Kind, Level, Ref } from '#lib/api/types.ts'
import type { Answers } from '#lib/question/field.ts'
import type { ChangeType } from '#lib/ticket/ticket-page.ts'
import { allHeldHere, holdHere, letGo } from '#lib/ticket/unkept.ts'

/** A ticket that somebody has begun to write and not opened. */
export interface Begun {
  /** Of its form: every window has its own. */
  id: string
  at: string
  kind: Kind
  changeType: ChangeType
  title: string
  description: string
  impact: Level
  urgency: Level
  service: string
  team: string
  category: string
  answers: Answers
  requester: Ref | null
}

const beneath = '/tickets/new/'
/** Older ones nobody looks for. */
const most = 3

/** What is written in this window, held in the browser until it is opened, whatever becomes of the page. */
export const hold = (person: string, begun: Begun): void => holdHere(person, beneath + begun.id, begun)

export const drop = (person: string, id: string): void => letGo(person, beneath + id)

/** What was begun in other windows, the latest first. */
export function begunBefore(person: string, but: string): Begun[] {
  const held = allHeldHere<Begun>(person, beneath)
    .map(([, begun]) => begun)
    .filter(({ id }) => id !== but)
    .toSorted((a, b) => b.at.localeCompare(a.at))
  for (const { id } of held.slice(most)) drop(person, id)
  return held.slice(0, most)
}
