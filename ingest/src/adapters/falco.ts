import { composeEvent, type Event } from '@tocsin/desk'
import { defineAdapter, firstText, within, WrongBody } from './adapter.ts'
import { identity, listAt, present } from './fields.ts'
import { vocabulary } from './vocabulary.ts'

const severityOfPriority = vocabulary<Event['severity']>({
  emergency: 'critical',
  alert: 'critical',
  critical: 'critical',
  error: 'error',
  warning: 'warning',
  notice: 'info',
  informational: 'info',
  info: 'info',
  debug: 'info',
})

/** Falco’s HTTP output, itself or through Falcosidekick. Events, never a recovery. */
export const falco = defineAdapter({
  expects: 'a Falco event: an object with “rule”, “priority” and “output”',
  readOne: (body, { receivedAt }) => {
    const rule = firstText(body, 'rule')
    const priority = firstText(body, 'priority')
    if (rule === null || priority === null) throw new WrongBody('It has no “rule” or no “priority”.')
    const fields = within(body, 'output_fields')
    const host = firstText(body, 'hostname')
    return composeEvent(
      {
        kind: 'trigger',
        // Without a host name the workload is what tells one place from another.
        dedupKey: identity(rule, host ?? firstText(fields, 'k8s.pod.name', 'container.id', 'container.name')),
        severity: priority,
        severityAs: severityOfPriority(priority),
        title: rule,
        host,
        startsAt: body.time,
        labels: {
          ...fields,
          ...present({ alertname: rule, host, source: body.source, tags: listAt(body, 'tags').join(',') }),
        },
        annotations: present({ description: firstText(body, 'output') }),
      },
      receivedAt,
    )
  },
})
