import type { Ref } from '#lib/api/types.ts'

/** Whom approvals are to ask: people, all or any of them, and the managers of a team. */
export interface ApprovalDraft {
  people: Ref[]
  rule: 'any' | 'all'
  team: string
}
export type ApprovalAsked = { rule: 'any' | 'all' } & ({ people: string[] } | { team_id: string })

export const freshApprovals = (): ApprovalDraft => ({ people: [], rule: 'all', team: '' })

export const approvalsAsked = ({ people, rule, team }: ApprovalDraft): ApprovalAsked[] => [
  ...(people.length > 0 ? [{ rule, people: people.map(({ id }) => id) }] : []),
  ...(team ? [{ rule: 'any' as const, team_id: team }] : []),
]

/** As it was asked before; `names`: of the people in it. */
export function approvalDraft(asked: readonly ApprovalAsked[], names: Record<string, string>): ApprovalDraft {
  const ofPeople = asked.find((one) => 'people' in one)
  const ofTeam = asked.find((one) => 'team_id' in one)
  return {
    people: ofPeople ? ofPeople.people.map((id) => ({ id, name: names[id] ?? id })) : [],
    rule: ofPeople?.rule ?? 'all',
    team: ofTeam?.team_id ?? '',
  }
}
