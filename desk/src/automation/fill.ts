/** What texts of rules may name between double braces. */
export const FILLED = [
  'number',
  'title',
  'state',
  'priority',
  'service',
  'team',
  'assignee',
  'requester',
] as const

/** A text with what it names, such as `{{number}}`; what is not known is left empty, what is no name stays as it is. */
export const fill = (text: string, facts: Partial<Record<(typeof FILLED)[number], unknown>>): string =>
  text.replaceAll(/\{\{\s*([a-z]+)\s*\}\}/g, (whole, name: string) =>
    (FILLED as readonly string[]).includes(name)
      ? String(facts[name as (typeof FILLED)[number]] ?? '')
      : whole,
  )
