import type { Team } from '#lib/api/types.ts'

/** Everybody who works in a team as options, those of the given team first. */
export function peopleOf(teams: readonly Team[], teamId: string): { value: string; label: string }[] {
  const sorted = [...teams].toSorted((a, b) => Number(b.id === teamId) - Number(a.id === teamId))
  const people = sorted.flatMap(({ members }) =>
    members.map(({ person_id, name }) => [person_id, name] as const),
  )
  return [...new Map(people)].map(([value, label]) => ({ value, label }))
}
