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
import { vocabulary } from './vocabulary.ts'

const severityOfLevel = vocabulary<Event['severity']>({
  '10': 'info',
  '20': 'info',
  '30': 'warning',
  '40': 'error',
  '50': 'critical',
  debug: 'info',
  info: 'info',
  warning: 'warning',
  error: 'error',
  critical: 'critical',
})

const FIRING = [
  'new_item',
  'occurrence',
  'exp_repeat_item',
  'item_velocity',
  'reactivated_item',
  'reopened_item',
]

/** Rollbar’s webhook. Its bodies carry the project’s access token, which is not kept. */
export const rollbar = defineAdapter({
  expects: 'a Rollbar webhook: an object with “event_name” and “data”',
  readOne: (body, circumstances) => {
    const name = firstText(body, 'event_name')
    if (name === null || !isFields(body.data)) throw new WrongBody('It has no “event_name” or no “data”.')
    return isFields(body.data.item)
      ? readItem(name, body.data, circumstances)
      : readOther(name, body.data, circumstances)
  },
  secretFields: ['access_token'],
})

function readItem(name: string, data: Fields, { receivedAt }: Circumstances): Event {
  const item = within(data, 'item')
  const kind = name === 'resolved_item' ? 'resolve' : FIRING.includes(name) ? 'trigger' : 'note'
  const project = firstText(item, 'project_id')
  const level = firstText(item, 'level')
  const host = textAt(data, 'item.last_occurrence.server.host', 'occurrence.server.host')
  const isAgain = name === 'reactivated_item' || name === 'reopened_item'
  return composeEvent(
    {
      kind,
      dedupKey: identity(project, firstText(item, 'id')),
      severity: level,
      severityAs: severityOfLevel(level),
      title: firstText(item, 'title') ?? name,
      host,
      startsAt:
        kind === 'trigger'
          ? firstText(item, ...(isAgain ? ['last_activated_timestamp'] : []), 'first_occurrence_timestamp')
          : null,
      labels: present({
        event: name,
        project,
        environment: firstText(item, 'environment'),
        framework: textAt(data, 'item.last_occurrence.framework', 'occurrence.framework'),
        language: textAt(data, 'item.last_occurrence.language', 'occurrence.language'),
        host,
        occurrences: item.total_occurrences,
      }),
      annotations: present({
        description: textAt(
          data,
          'item.last_occurrence.body.message.body',
          'item.last_occurrence.body.trace.exception.message',
          'occurrence.body.message.body',
        ),
      }),
      link: textAt(data, 'url', 'item.url'),
    },
    receivedAt,
  )
}

/** Deploys are changes; the button of its page sends a “test”. */
function readOther(name: string, data: Fields, { receivedAt }: Circumstances): Event {
  const environment = textAt(data, 'deploy.environment')
  const title =
    firstText(data, 'message') ??
    (name === 'deploy' ? `Deployed to ${environment ?? 'an environment'}` : name)
  return composeEvent(
    {
      kind: name === 'test' ? 'test' : name === 'deploy' ? 'change' : 'note',
      dedupKey: identity(name, textAt(data, 'deploy.project_id'), textAt(data, 'deploy.id')),
      severity: null,
      severityAs: 'info',
      title,
      startsAt: textAt(data, 'deploy.finish_time', 'deploy.start_time'),
      labels: present({ event: name, environment, revision: textAt(data, 'deploy.revision') }),
      annotations: present({ description: textAt(data, 'deploy.comment') }),
    },
    receivedAt,
  )
}
