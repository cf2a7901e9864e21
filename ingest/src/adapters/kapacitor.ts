import { composeEvent, type Event, textOf } from '@tocsin/desk'
import { defineAdapter, firstText, WrongBody } from './adapter.ts'
import { asFields, present, textAt, valueAt } from './fields.ts'
import { vocabulary } from './vocabulary.ts'

const severityOfLevel = vocabulary<Event['severity']>({
  ok: 'ok',
  info: 'info',
  warn: 'warning',
  warning: 'warning',
  crit: 'critical',
  critical: 'critical',
})

/** Kapacitor's HTTP post handler. With `.noRecoveries()` an alert never ends. */
export const kapacitor = defineAdapter({
  expects: 'a Kapacitor alert: an object with “id” and “level”',
  readOne: (body, { receivedAt }) => {
    const id = firstText(body, 'id')
    const level = firstText(body, 'level')
    if (id === null || level === null) throw new WrongBody('It has no “id” or no “level”.')
    const severityAs = severityOfLevel(level)
    if (!severityAs) throw new WrongBody('“level” must be OK, INFO, WARNING or CRITICAL.')
    const kind = severityAs === 'ok' ? 'resolve' : 'trigger'
    const tags = asFields(valueAt(body, 'data.series.0.tags'))
    const time = momentOf(body.time)
    return composeEvent(
      {
        kind,
        dedupKey: id,
        severity: level,
        severityAs,
        title: firstText(body, 'message') ?? id,
        resource: textAt(body, 'data.series.0.name'),
        service: firstText(tags, 'service'),
        host: firstText(tags, 'host', 'hostname', 'instance'),
        startsAt: kind === 'trigger' ? time : null,
        endsAt: kind === 'resolve' ? time : null,
        labels: { ...tags, ...present({ id, series: textAt(body, 'data.series.0.name') }) },
        annotations: present({
          description: firstText(body, 'details'),
          values: valueAt(body, 'data.series.0.values.0') && textOf(valueAt(body, 'data.series.0.values.0')),
        }),
      },
      receivedAt,
    )
  },
})

/** The time of the data: a stream that is replayed may well begin at the epoch. */
const momentOf = (time: unknown): unknown =>
  typeof time === 'string' && Date.parse(time) === 0 ? new Date(0) : time
