/** An organisation in the order of the tree: after what it is part of. */
export interface Organisation {
  id: string
  name: string
  parent_id: string | null
  /** Ids from the top of the tree down to this one. */
  path: string[]
  people: number
  revision: number
}

/** "Valdora › Valdora France": each with what it is part of, as the options of a select. */
export function organisationChoices(
  organisations: readonly Organisation[],
): { value: string; label: string }[] {
  const names = new Map(organisations.map(({ id, name }) => [id, name]))
  return organisations.map(({ id, path }) => ({
    value: id,
    label: path.flatMap((step) => names.get(step) ?? []).join(' › '),
  }))
}

/** What an organisation can be part of: anything but itself and what stands beneath it. */
export const wholesFor = (id: string | undefined, organisations: readonly Organisation[]): Organisation[] =>
  organisations.filter(({ path }) => !id || !path.includes(id))
