import { goto } from '$app/navigation'
import { type Command, offer } from '#lib/keyboard/commands.svelte.ts'
import { m } from '#lib/paraglide/messages.js'
import { actionKeys, actionsFor } from '#lib/ticket/actions.ts'
import type { Doing } from '#lib/ticket/doing.svelte.ts'
import type { Many, ManyAsk } from './many.svelte.ts'
import type { Queue } from './queue.svelte.ts'

interface Parts {
  queue: () => Queue
  doing: () => Doing
  many: () => Many
  focusFilter: () => void
  explainFilter: () => void
  views: () => void
  keepView: () => void
}

export type QueueAct = 'acknowledge' | 'assign' | 'resolve' | 'pend'

// Where an action that is asked of many tickets begins in their dialog.
const fields: Record<QueueAct, ManyAsk> = {
  acknowledge: { field: 'step', step: 'acknowledge' },
  assign: { field: 'assignee' },
  resolve: { field: 'words', step: 'resolve', as: 'reply' },
  pend: { field: 'step', step: 'pend' },
}

/**
 * One ticket is asked about at once, and takes the step that has this key in its state; many are told by their number
 * first, and changed with one call.
 */
export function act({ queue, doing, many }: Pick<Parts, 'queue' | 'doing' | 'many'>, action: QueueAct): void {
  const [ticket] = queue().chosen
  if (many().count > 1) many().begin(fields[action])
  else if (ticket) {
    const wanted = actionsFor(ticket).find((name) => actionKeys[name] === actionKeys[action]) ?? action
    if (wanted !== 'reply' && wanted !== 'note') doing().begin(wanted, [ticket])
  }
}

/** The keys of the queue: they act on the selection, or on the current line when nothing is selected. */
export function offerQueueCommands(parts: Parts): void {
  const { queue, many, focusFilter, explainFilter, views, keepView } = parts
  offer(() => {
    const acts = (action: QueueAct) => () => act(parts, action)
    const ask = (asked: ManyAsk) => () => many().begin(asked)
    const write = (kind: 'reply' | 'note') => () => {
      const [only, ...others] = queue().chosen
      if (!only) return
      if (others.length > 0 || queue().matching !== undefined) many().begin({ field: 'words', as: kind })
      else return goto(`/tickets/${only.number}?write=${kind}`)
    }
    const own: Command[] = [
      {
        id: 'acknowledge',
        label: m.tickets_act_acknowledge(),
        section: 'ticket',
        keys: 'a',
        run: acts('acknowledge'),
      },
      { id: 'assign', label: m.tickets_act_assign(), section: 'ticket', keys: 'm', run: acts('assign') },
      { id: 'resolve', label: m.tickets_act_resolve(), section: 'ticket', keys: 'e', run: acts('resolve') },
      { id: 'pend', label: m.tickets_act_pend(), section: 'ticket', keys: 'p', run: acts('pend') },
      { id: 'reply', label: m.queue_comment(), section: 'ticket', keys: 'r', run: write('reply') },
      { id: 'note', label: m.tickets_act_note(), section: 'ticket', keys: 'n', run: write('note') },
      { id: 'state', label: m.queue_set_state(), section: 'ticket', keys: 's', run: ask({ field: 'step' }) },
      {
        id: 'priority',
        label: m.queue_set_priority(),
        section: 'ticket',
        keys: 'shift+p',
        run: ask({ field: 'priority' }),
      },
      {
        id: 'team',
        label: m.queue_set_team(),
        section: 'ticket',
        keys: 'shift+m',
        run: ask({ field: 'team' }),
      },
      {
        id: 'category',
        label: m.queue_set_category(),
        section: 'ticket',
        keys: 'shift+c',
        run: ask({ field: 'category' }),
      },
      { id: 'tag', label: m.tags_add(), section: 'ticket', keys: 't', run: ask({ field: 'tag' }) },
      {
        id: 'tag-hash',
        label: m.tags_add(),
        section: 'ticket',
        keys: '#',
        keyOnly: true,
        alias: true,
        run: ask({ field: 'tag' }),
      },
      { id: 'edit', label: m.bulk_open(), section: 'ticket', keys: 'i', run: ask({ field: 'step' }) },
      { id: 'filter', label: m.tickets_key_filter(), section: 'here', keys: 'f', run: focusFilter },
      { id: 'filter-help', label: m.filter_help(), section: 'here', run: explainFilter },
      { id: 'views', label: m.views_all(), section: 'here', keys: 'v', run: views },
      { id: 'keep-view', label: m.views_save_as(), section: 'here', keys: 'shift+v', run: keepView },
      {
        id: 'select-matching',
        label: m.select_matching_key(),
        section: 'list',
        keys: 'shift+a',
        run: () => many().selectMatching(),
      },
      {
        id: 'clear-selection',
        label: m.tickets_clear_selection(),
        section: 'list',
        keys: 'escape',
        keyOnly: true,
        run: () => queue().selectNone(),
      },
    ]
    return own
  })
}
