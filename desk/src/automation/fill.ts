/** What texts of rules may name between double braces. */
export const FILLED = ['number', 'title', 'state', 'priority', 'service', 'team', 'assignee', 'requester']

/** A text with what it names, such as `{{number}}`; what is not known is left empty, what is no name stays as it is. */
export const fill = (text: string, facts: Record<string, unknown>): string =>
  text.replaceAll(/\{\{\s*([a-z]+)\s*\}\}/g, (whole, name: string) => {
    if (!FILLED.includes(name)) return whole
    const value = facts[name]
    return typeof value === 'string' ? value : ''
  })
