import { type Command, offer } from '#lib/keyboard/commands.svelte.ts'
import { m } from '#lib/paraglide/messages.js'
import type { Doing } from '#lib/ticket/doing.svelte.ts'
import type { Queue } from './queue.svelte.ts'

interface Parts {
  queue: () => Queue
  doing: () => Doing
  focusFilter: () => void
}

/** The keys of the queue: they act on the selection, or on the current line when nothing is selected. */
export function offerQueueCommands({ queue, doing, focusFilter }: Parts): void {
  offer(() => {
    const act = (action: Parameters<Doing['begin']>[0]) => () => doing().begin(action, queue().chosen)
    const own: Command[] = [
      {
        id: 'acknowledge',
        label: m.tickets_act_acknowledge(),
        section: 'ticket',
        keys: 'a',
        run: act('acknowledge'),
      },
      { id: 'assign', label: m.tickets_act_assign(), section: 'ticket', keys: 'm', run: act('assign') },
      { id: 'resolve', label: m.tickets_act_resolve(), section: 'ticket', keys: 'e', run: act('resolve') },
      { id: 'pend', label: m.tickets_act_pend(), section: 'ticket', keys: 'p', run: act('pend') },
      { id: 'filter', label: m.tickets_key_filter(), section: 'here', keys: 'f', run: focusFilter },
      {
        id: 'clear-selection',
        label: m.tickets_clear_selection(),
        section: 'list',
        keys: 'escape',
        keyOnly: true,
        run: () => queue().selected.clear(),
      },
    ]
    return own
  })
}
