import { type Kind, type Me, type Named, STATES, type Team } from '#lib/api/types.ts'
import type { FacetName } from '#lib/filter/grammar.ts'
import { m } from '#lib/paraglide/messages.js'
import { type Category, pathWords } from '#lib/category/tree.ts'
import type { CustomField } from '#lib/question/field.ts'
import type { Status } from '#lib/status/status.ts'
import { labelText } from '#lib/text/label.ts'
import { labelled } from '#lib/text/labelled.ts'
import { membersOf } from './query.ts'
import { channelNames, channelWord, kindWord, stateWord } from '#lib/ticket/words.ts'

type Choices = Partial<Record<FacetName, { value: string; label: string }[]>>

const kinds: Kind[] = ['incident', 'request', 'problem', 'change']
const priorities = ['P1', 'P2', 'P3', 'P4', 'P5']

/** The values that a filter may name, as they are typed; what is left out may have any. */
export const filterWords = (teams: readonly Team[]): Partial<Record<FacetName, string[]>> => ({
  kind: kinds,
  state: ['open', ...STATES],
  priority: priorities,
  major: ['declared', 'candidate'],
  sla: ['at_risk', 'breached'],
  channel: channelNames,
  assignee: ['me', 'none', ...membersOf(teams).map(({ name }) => name)],
})

/** What the filter of the queue offers to click. */
export function choicesOf(
  teams: readonly Team[],
  services: readonly Named[],
  categories: readonly Category[],
  fields: readonly CustomField[],
  statuses: readonly Status[],
  me: Me | null | undefined,
): Choices {
  const named = (things: readonly Named[]) =>
    things.map(({ name }) => ({ value: labelText(name), label: labelText(name) }))
  return {
    kind: kinds.map((value) => ({ value, label: kindWord(value) })),
    state: [
      { value: 'open', label: m.tickets_open() },
      ...STATES.map((value) => ({ value, label: stateWord(value) })),
    ],
    status: [...new Map(statuses.map(({ key, name }) => [key, labelText(name)]))].map(([value, label]) => ({
      value,
      label,
    })),
    priority: priorities.map((value) => ({ value, label: value })),
    team: [{ value: 'mine', label: m.tickets_view_teams() }, ...named(teams)],
    service: named(services),
    category: categories.map((one) => ({ value: one.key, label: pathWords(one.id, categories) })),
    field: fields.filter(({ archived }) => !archived).flatMap(fieldChoices),
    major: [
      { value: 'declared', label: m.major_declared() },
      { value: 'candidate', label: m.major_candidate() },
    ],
    assignee: [
      { value: 'me', label: me?.person.name ?? m.tickets_me() },
      { value: 'none', label: m.tickets_none() },
      ...named(membersOf(teams).filter(({ id }) => id !== me?.person.id)),
    ],
    channel: channelNames.map((value) => ({ value, label: channelWord(value) })),
    sla: [
      { value: 'at_risk', label: m.tickets_view_at_risk() },
      { value: 'breached', label: m.tickets_view_breached() },
    ],
    age: [
      { value: '<1d', label: m.tickets_younger_day() },
      { value: '>3d', label: m.tickets_older_days({ count: 3 }) },
      { value: '>7d', label: m.tickets_older_days({ count: 7 }) },
      { value: '>30d', label: m.tickets_older_days({ count: 30 }) },
    ],
    updated: [
      { value: '<1d', label: m.tickets_younger_day() },
      { value: '>3d', label: m.tickets_older_days({ count: 3 }) },
      { value: '>7d', label: m.tickets_older_days({ count: 7 }) },
    ],
  }
}

/** What can be clicked of a field: those with few answers. Others are typed: `field:serial=C02`. */
function fieldChoices({ key, label, type, options = [] }: CustomField): { value: string; label: string }[] {
  const answers =
    type === 'checkbox'
      ? [{ value: 'true', label: m.common_yes() }]
      : options
          .filter(({ retired }) => !retired)
          .map((one) => ({ value: one.value, label: labelText(one.label) }))
  return answers.map((one) => ({
    value: `${key}=${one.value}`,
    label: labelled(labelText(label), one.label),
  }))
}
