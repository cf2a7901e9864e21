/** The address of the tickets behind a point of a chart. */
export const ticketsBehind = (filter: Record<string, string> | null): string | null =>
  filter ? `/tickets?${new URLSearchParams(filter)}` : null
