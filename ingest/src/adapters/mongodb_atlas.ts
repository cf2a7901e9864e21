import { composeEvent, type Event } from '@tocsin/desk'
import { defineAdapter, firstText, WrongBody } from './adapter.ts'
import { present, textAt } from './fields.ts'
import { hmac } from './signature.ts'
import { vocabulary } from './vocabulary.ts'

const kindOfEvent = vocabulary<Event['kind']>({
  'alert.open': 'trigger',
  'alert.update': 'trigger',
  'alert.close': 'resolve',
  'alert.cancel': 'resolve',
  'alert.acknowledge': 'acknowledge',
  'alert.inform': 'note',
})

const kindOfStatus = vocabulary<Event['kind']>({
  open: 'trigger',
  tracking: 'note',
  closed: 'resolve',
  cancelled: 'resolve',
  informational: 'note',
})

/** MongoDB Atlas' webhook: an alert as its API shows it; a header says what happened to it. */
export const mongodbAtlas = defineAdapter({
  expects: 'an alert of MongoDB Atlas: an object with “id”, “eventTypeName” and “status”',
  readOne: (body, { receivedAt, headers }) => {
    const id = firstText(body, 'id')
    const type = firstText(body, 'eventTypeName', 'typeName')
    const status = firstText(body, 'status')
    if (id === null || type === null) throw new WrongBody('It has no “id” or no “eventTypeName”.')
    const kind = kindOfEvent(headers['x-mms-event'] ?? null) ?? kindOfStatus(status) ?? 'note'
    const host = firstText(body, 'hostnameAndPort')
    const cluster = firstText(body, 'clusterName', 'replicaSetName')
    return composeEvent(
      {
        kind,
        dedupKey: id,
        severity: firstText(body, 'severity'),
        title: firstText(body, 'humanReadable') ?? type,
        resource: host ?? cluster,
        service: cluster,
        host,
        startsAt: body.created,
        endsAt: kind === 'resolve' ? (body.resolved ?? body.updated) : null,
        labels: present({
          alertname: type,
          metric: body.metricName,
          cluster,
          replica_set: body.replicaSetName,
          project: body.groupId,
          host,
        }),
        annotations: present({
          value: [textAt(body, 'currentValue.number'), textAt(body, 'currentValue.units')]
            .filter(Boolean)
            .join(' '),
        }),
        link: textAt(body, 'links.0.href'),
      },
      receivedAt,
    )
  },
  signature: hmac({ header: 'x-mms-signature', algorithm: 'sha1', encoding: 'base64' }),
})
