import { composeEvent, type Event } from '@tocsin/desk'
import {
  type Circumstances,
  defineAdapter,
  type Fields,
  firstText,
  isFields,
  within,
  WrongBody,
} from './adapter.ts'
import { identity, present, textAt } from './fields.ts'
import { severityOfState } from './nagios-words.ts'

/**
 * Sensu's events: Go's (entity, check, metadata) and Core's (client, check, action). A handler without a filter
 * hands on every check that passes, too.
 */
export const sensu = defineAdapter({
  expects: 'a Sensu event: an object with “check”, and “entity” (Go) or “client” (Core)',
  readOne: (body, circumstances) => {
    if (!isFields(body.entity) && !isFields(body.client))
      throw new WrongBody('It has neither “entity” nor “client”.')
    if (!isFields(body.check) && !isFields(body.metrics))
      throw new WrongBody('It has neither “check” nor “metrics”.')
    return readEvent(body, circumstances)
  },
})

function readEvent(body: Fields, { receivedAt }: Circumstances): Event {
  const isCore = isFields(body.client)
  const check = within(body, 'check')
  const entity = isCore
    ? textAt(body, 'client.name')
    : textAt(body, 'entity.metadata.name', 'entity.name', 'entity.id')
  if (entity === null) throw new WrongBody('Its entity has no name.')
  const name = textAt(check, 'metadata.name', 'name')
  const namespace = isCore
    ? textAt(check, 'environment')
    : (textAt(body, 'entity.metadata.namespace', 'metadata.namespace', 'check.metadata.namespace') ??
      'default')
  const status = firstText(check, 'status')
  const kind = kindOf(body, check, status)
  const at = firstText(check, 'executed', 'issued') ?? firstText(body, 'timestamp')
  return composeEvent(
    {
      kind,
      dedupKey: identity(isCore ? null : namespace, entity, name),
      severity: status,
      severityAs: severityOfState(status),
      title: name ?? `${entity}: metrics`,
      resource: name,
      host: entity,
      service: textAt(check, 'metadata.labels.service', 'service'),
      startsAt: kind === 'trigger' ? at : null,
      endsAt: kind === 'resolve' ? at : null,
      labels: {
        ...within(within(within(body, 'entity'), 'metadata'), 'labels'),
        ...within(within(check, 'metadata'), 'labels'),
        ...present({
          namespace,
          entity,
          check: name,
          state: firstText(check, 'state'),
          address: textAt(body, 'client.address'),
        }),
      },
      annotations: {
        ...within(within(check, 'metadata'), 'annotations'),
        ...present({ description: firstText(check, 'output')?.trim() }),
      },
      link: textAt(check, 'metadata.annotations.url'),
    },
    receivedAt,
  )
}

/** What is silenced there, flaps, or brings metrics alone asks nothing of us. */
function kindOf(body: Fields, check: Fields, status: string | null): Event['kind'] {
  if (body.action === 'resolve' || severityOfState(status) === 'ok') return 'resolve'
  if (status === null || body.action === 'flapping' || check.is_silenced === true || body.silenced === true)
    return 'note'
  return 'trigger'
}
