import { composeEvent } from '@tocsin/desk'
import { defineAdapter, firstText, WrongBody } from './adapter.ts'
import { listAt, present, textAt } from './fields.ts'
import { vocabulary } from './vocabulary.ts'

const meaningOf = vocabulary({
  up: { kind: 'resolve', severity: 'ok' },
  warn: { kind: 'trigger', severity: 'warning' },
  down: { kind: 'trigger', severity: 'critical' },
  // Planned, or not known: neither begins nor ends anything.
  maintenance: { kind: 'note', severity: 'info' },
  unknown: { kind: 'note', severity: 'info' },
} as const)

/** StatusGator's webhook, version 3 and the flat form before it: how a service of others is. */
export const statusgator = defineAdapter({
  expects:
    'a StatusGator change: an object with “type” and “status” of a “monitor” or “service”, or with “current_status”',
  readOne: (body, { receivedAt }) => {
    const status = firstText(body, 'status', 'current_status')
    const key = textAt(body, 'monitor.id', 'service.id', 'slug', 'service_name')
    const early = body.type === 'EarlyWarningSignal'
    if (key === null || (status === null && !early))
      throw new WrongBody('It has no “status” of a “monitor” or “service”.')
    const name = textAt(body, 'monitor.display_name', 'service.name', 'service_name') ?? key
    const { kind, severity } = meaningOf(status) ?? { kind: 'note' as const, severity: 'info' as const }
    const at = firstText(body, 'recorded_at', 'occurred_at')
    const changed = listAt(body, 'component_status_changes').flatMap((one) => textAt(one, 'name') ?? [])
    return composeEvent(
      {
        // A signal is a guess that people are asked about.
        kind: early ? 'note' : kind,
        dedupKey: key,
        severity: status,
        severityAs: severity,
        title: firstText(body, 'message', 'summary') ?? `${name}: ${status ?? 'early warning'}`,
        resource: name,
        service: name,
        startsAt: kind === 'trigger' ? at : null,
        endsAt: kind === 'resolve' ? at : null,
        labels: present({
          monitor: name,
          board: textAt(body, 'board.name'),
          components: changed.join(','),
          previous: firstText(body, 'previous_status', 'last_status'),
        }),
        annotations: present({ description: firstText(body, 'details') }),
        link: textAt(body, 'service.status_page_url', 'status_page_url', 'service.home_page_url'),
      },
      receivedAt,
    )
  },
})
