import { type Command, offer } from '#lib/keyboard/commands.svelte.ts'
import { m } from '#lib/paraglide/messages.js'
import { actionLabels } from '#lib/ticket/action-labels.ts'
import { actionKeys, actionsFor } from '#lib/ticket/actions.ts'
import type { Doing } from '#lib/ticket/doing.svelte.ts'
import type { TicketPage } from '#lib/ticket/ticket-page.ts'
import type { MoreAction } from './more-actions.svelte.ts'

interface Parts {
  ticket: () => TicketPage
  doing: Doing
  write: (kind: 'reply' | 'note') => unknown
  more: () => readonly MoreAction[]
  back: () => unknown
}

/** What the keys and the palette do on a ticket's page: only what its reader may do now. */
export function offerTicketCommands({ ticket, doing, write, more, back }: Parts): void {
  offer(() => {
    const { may, kind, state, acknowledged_at } = ticket()
    const labels = actionLabels()
    const moves: Command[] = actionsFor({ kind, state, acknowledged_at })
      .filter((name) => may.includes(name))
      .map((name) => ({
        id: name,
        label: labels[name],
        section: 'ticket',
        keys: actionKeys[name],
        run: () => (name === 'reply' || name === 'note' ? write(name) : doing.begin(name, [ticket()])),
      }))
    return [
      ...moves,
      ...more().map((action) => ({ ...action, section: 'ticket' as const })),
      ...more()
        .filter(({ id }) => id === 'tag')
        .map((tag): Command => ({
          ...tag,
          id: 'tag-hash',
          section: 'ticket',
          keys: '#',
          keyOnly: true,
          alias: true,
        })),
      { id: 'back', label: m.common_back(), section: 'here', keys: 'escape', run: back },
    ]
  })
}
