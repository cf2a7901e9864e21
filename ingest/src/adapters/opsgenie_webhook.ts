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
import { kindOf } from './fields.ts'
import { saidLabels } from './labels.ts'
import { opsgeniePriority } from './opsgenie.ts'

// Everything else that Opsgenie's people and rules do to an alert is a note.
const KINDS: Record<string, Event['kind']> = {
  create: 'trigger',
  unacknowledge: 'trigger',
  acknowledge: 'acknowledge',
  close: 'resolve',
  // What is deleted there never closes any more.
  delete: 'resolve',
}

/** Opsgenie telling of its own alerts. `createdAt` is in milliseconds, `updatedAt` in nanoseconds. */
export const opsgenieWebhook = defineAdapter({
  expects: 'an Opsgenie webhook: {"action": "Create"|"Close"|…, "alert": {"alertId": "…", … }}',
  readOne: readAction,
})

function readAction(body: Fields, { receivedAt, fresh }: Circumstances): Event {
  const action = firstText(body, 'action')
  const alert = within(body, 'alert')
  const key = firstText(alert, 'alias', 'alertId', 'id')
  if (action === null) throw new WrongBody('There is no “action” in it.')
  if (!isFields(body.alert) && !firstText(body, 'integrationId', 'integrationName'))
    throw new WrongBody('There is no “alert” in it.')
  const kind = kindOf(KINDS, action.toLowerCase())
  if (key === null && kind !== 'note') throw new WrongBody('“alert” has neither “alias” nor “alertId”.')
  return composeEvent(
    {
      kind,
      dedupKey: key ?? fresh,
      ...opsgeniePriority(alert),
      title: firstText(alert, 'message') ?? action,
      resource: firstText(alert, 'entity'),
      startsAt: alert.createdAt,
      endsAt: kind === 'resolve' ? (alert.updatedAt ?? null) : null,
      labels: saidLabels({
        ...within(alert, 'details'),
        action,
        tags: alert.tags,
        source: alert.source,
        team: alert.team,
        integration: body.integrationName,
        tiny_id: alert.tinyId,
      }),
      annotations: saidLabels({ description: alert.description, note: alert.note }),
    },
    receivedAt,
  )
}
