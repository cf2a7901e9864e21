import type { Integration } from '#lib/admin/integration.ts'
import type { RuleFacts } from '#lib/admin/rules.ts'
import type { Named, Severity } from '#lib/api/types.ts'
import { m } from '#lib/paraglide/messages.js'
import { labelText } from '#lib/text/label.ts'
import { currentLocale } from '#lib/text/locale.ts'
import { severityWord } from '#lib/ticket/words.ts'
import { type Choice, choicesOf, type ConditionField, TEXT } from './fields.ts'
import { conditionWords } from './words.ts'

interface Known {
  services: readonly (Named & { key: string })[]
  integrations: readonly { name: string; system?: Integration['system'] }[]
}

const SEVERITIES: readonly Severity[] = ['critical', 'error', 'warning', 'info', 'ok']
const COUNTS = ['is', 'lt', 'le', 'gt', 'ge'] as const
const itself = (value: string) => value

/** The fields of a condition over alerts, of those that a rule knows by these names. */
export function alertFields({ items, labels }: RuleFacts, known: Known): ConditionField[] {
  const [alert, source, item, time] = [
    m.conditions_alert(),
    m.alerts_source(),
    m.imports_field_item(),
    m.conditions_time(),
  ]
  const text = (key: string, label: string, group: string, options?: readonly Choice[]): ConditionField => ({
    key,
    label,
    type: 'text',
    ops: TEXT,
    options,
    group,
  })
  const ones = (values: readonly string[]) => choicesOf([...new Set(values)].toSorted(), itself)
  const choice = { type: 'choice', ops: ['is', 'is_not'] } as const
  const all: ConditionField[] = [
    {
      key: 'severity',
      label: m.admin_severity(),
      ...choice,
      options: choicesOf(SEVERITIES, severityWord),
      group: alert,
    },
    text(
      'service',
      m.common_service(),
      alert,
      known.services.map(({ key, name }) => ({ value: key, label: labelText(name) })),
    ),
    text('title', m.common_title(), alert),
    text('host', m.alerts_host(), alert),
    text('resource', m.alerts_resource(), alert),
    text('severity_raw', m.conditions_severity_raw(), alert),
    text('group', m.conditions_group_key(), alert),
    text('dedup_key', m.conditions_dedup_key(), alert),
    text('system', m.admin_system(), source, ones(known.integrations.flatMap((one) => one.system ?? []))),
    text('integration', m.conditions_integration(), source, ones(known.integrations.map((one) => one.name))),
    { key: 'hour', label: m.conditions_hour(), type: 'number', ops: COUNTS, range: [0, 23], group: time },
    {
      key: 'weekday',
      label: m.conditions_weekday(),
      ...choice,
      options: weekdays(),
      numeric: true,
      group: time,
    },
  ]
  const named = new Set(items.map(({ name }) => name))
  const within = (map: string, group: string, other: string, keys: readonly Choice[]) =>
    named.has(map)
      ? [
          ...keys.map(({ value, label }) => text(`${map}.${value}`, label, group)),
          text(`${map}.`, other, group),
        ]
      : []
  return [
    ...all.filter(({ key }) => named.has(key)),
    ...within('labels', m.alerts_labels(), m.conditions_other_label(), choicesOf(labels, itself)),
    ...within('ci', item, m.conditions_other_attribute(), [
      { value: 'name', label: m.common_name() },
      { value: 'kind', label: m.common_kind() },
    ]),
    ...within('annotations', m.alerts_annotations(), m.conditions_other_annotation(), []),
  ]
}

const NAMES = [
  'severity',
  'service',
  'title',
  'host',
  'resource',
  'severity_raw',
  'group',
  'dedup_key',
  'system',
  'integration',
  'hour',
  'weekday',
  'labels',
  'ci',
  'annotations',
]

/** A condition over alerts as its rows say it; as it is written where rows cannot. */
export function alertWords(expression: string): string {
  const items = NAMES.map((name) => ({ name, type: '' }))
  return conditionWords(expression, alertFields({ items, labels: [] }, NOBODY)) ?? expression
}
const NOBODY: Known = { services: [], integrations: [] }

/** Monday is 1. */
function weekdays(): Choice[] {
  const format = new Intl.DateTimeFormat(currentLocale(), { weekday: 'long', timeZone: 'UTC' })
  return [1, 2, 3, 4, 5, 6, 7].map((day) => ({
    value: `${day}`,
    label: format.format(Date.UTC(2024, 0, day)),
  }))
}
