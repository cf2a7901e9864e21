import { m } from '#lib/paraglide/messages.js'
import { type Label, labelText } from '#lib/text/label.ts'
import { actorWords } from '#lib/ticket/story-words.ts'
import type { PassedOver, ToldHands } from './types.ts'
import { refusalWords } from './words.ts'

type TeamTold = NonNullable<ToldHands['team']>
type AssigneeTold = NonNullable<ToldHands['assignee']>

/** Why it lies in its team; empty where a rule of routing said so, which is told with what it looked at. */
export function teamWords({ how, by, from }: TeamTold): string {
  const name = labelText(from as Label | null)
  switch (how) {
    case 'rule':
    case 'none':
      return ''
    case 'asked':
      return m.hands_team_asked({ name: actorWords({ actor: by }) })
    case 'item':
      return m.hands_team_item()
    case 'source':
      return m.hands_team_source()
    case 'category':
      return m.hands_team_category({ name })
    case 'service':
      return m.hands_team_service({ name })
    case 'handed':
      return m.hands_handed({ name: actorWords({ actor: by }) })
  }
}

/** Why somebody has it. */
export function assigneeWords({ how, by, among, load }: AssigneeTold): string {
  switch (how) {
    case 'turn':
      return m.hands_turn({ among: among ?? 0 })
    case 'load':
      return m.hands_load({ among: among ?? 0, load: load ?? 0 })
    case 'taken':
      return m.hands_taken()
    case 'handed':
      return m.hands_handed({ name: actorWords({ actor: by }) })
  }
}

/** Why somebody else does not. */
export function passedWords({ code, load, ...refusal }: PassedOver): string {
  if (code === 'later') return m.hands_later()
  return code === 'heavier' ? m.hands_heavier({ load: load ?? 0 }) : refusalWords({ ...refusal, code })
}
