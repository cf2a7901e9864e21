import { m } from '#lib/paraglide/messages.js'
import type { TicketLink } from './ticket-page.ts'

export const linkKinds = ['duplicates', 'caused_by', 'blocks', 'recurs', 'relates', 'parent'] as const

/** How the other ticket stands to this one, read from this one's side. */
export function linkWords({ kind, outward }: Pick<TicketLink, 'kind' | 'outward'>): string {
  const words = {
    duplicates: [m.link_duplicates_out, m.link_duplicates_in],
    caused_by: [m.link_caused_by_out, m.link_caused_by_in],
    blocks: [m.link_blocks_out, m.link_blocks_in],
    recurs: [m.link_recurs_out, m.link_recurs_in],
    relates: [m.link_relates, m.link_relates],
    parent: [m.link_parent_out, m.link_parent_in],
  } as const
  return words[kind][outward ? 0 : 1]()
}

/** The open tickets that this one waits for. */
export const blockersOf = (links: readonly TicketLink[]): TicketLink[] =>
  links.filter(
    ({ kind, outward, state }) =>
      kind === 'blocks' && !outward && !['resolved', 'closed', 'cancelled'].includes(state),
  )
