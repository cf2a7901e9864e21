import type { Priority, Ref } from '#lib/api/types.ts'
import { type Category, findCategories } from '#lib/category/tree.ts'
import { m } from '#lib/paraglide/messages.js'
import { holdsWords } from '#lib/text/holds-words.ts'
import { labelText } from '#lib/text/label.ts'
import { actionLabels } from '#lib/ticket/action-labels.ts'
import { actionKeys, actionsFor } from '#lib/ticket/actions.ts'
import type { Doing } from '#lib/ticket/doing.svelte.ts'
import type { TicketPage } from '#lib/ticket/ticket-page.ts'
import { stateWord } from '#lib/ticket/words.ts'

/** What one key sets, from a list that narrows as one types. */
export type Settable = 'state' | 'priority' | 'team' | 'category'

export interface Choice {
  id: string
  label: string
  hint?: string
  keys?: string
  priority?: Priority
  run: () => unknown
}

interface Known {
  teams: readonly Ref[]
  categories: readonly Category[]
}

const priorities: Priority[] = ['P1', 'P2', 'P3', 'P4', 'P5']

/** What can be chosen: never what the ticket has already. */
export function choicesOf(what: Settable, ticket: TicketPage, doing: Doing, known: Known): Choice[] {
  switch (what) {
    case 'state':
      return [...stepsOf(ticket, doing), ...statusesOf(ticket, doing)]
    case 'priority':
      return priorities
        .filter((priority) => priority !== ticket.priority)
        .map((priority) => ({
          id: priority,
          label: priority,
          priority,
          run: () => doing.set(ticket, { priority }, { priority }, priority),
        }))
    case 'team':
      return known.teams
        .filter(({ id }) => id !== ticket.team?.id)
        .map((team) => ({ id: team.id, label: team.name, run: () => doing.assign([ticket], { team }) }))
    default:
      return findCategories('', known.categories)
        .filter(({ id }) => id !== ticket.category?.id)
        .map(({ id, words }) => ({
          id,
          label: words,
          run: () => doing.set(ticket, { category_id: id }, {}, words),
        }))
  }
}

function stepsOf(ticket: TicketPage, doing: Doing): Choice[] {
  const labels = actionLabels()
  return actionsFor(ticket)
    .filter((name) => ticket.may.includes(name))
    .flatMap((name) =>
      name === 'reply' || name === 'note' || name === 'assign'
        ? []
        : [{ id: name, label: labels[name], keys: actionKeys[name], run: () => doing.begin(name, [ticket]) }],
    )
}

function statusesOf(ticket: TicketPage, doing: Doing): Choice[] {
  const others = ticket.statuses.filter(({ id }) => id !== ticket.status?.id)
  return [
    ...others.map((status) => ({
      id: status.id,
      label: labelText(status.name),
      ...(status.move && { hint: stateWord(status.state) }),
      run: () => doing.status(ticket, status),
    })),
    ...(ticket.status && ticket.may.includes('status')
      ? [{ id: 'no-status', label: m.status_take_away(), run: () => doing.status(ticket, null) }]
      : []),
  ]
}

/** Those whose words hold every word typed, accents aside. */
export function narrowed(choices: readonly Choice[], typed: string): Choice[] {
  const holds = holdsWords(typed)
  return choices.filter(({ label }) => holds(label))
}
