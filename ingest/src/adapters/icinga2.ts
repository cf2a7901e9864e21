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
import { readMacros } from './nagios-macros.ts'
import { kindOfNotification, severityOfState } from './nagios-words.ts'
import { templateFields } from './template.ts'

// A runtime macro that has no value stays as it was written.
const MACRO = /^\$[\w.]*\$$/

/**
 * Icinga 2 by a notification command: objects as Icinga's API names them, or the variables of its own scripts
 * (HOSTNAME, SERVICENAME, NOTIFICATIONTYPE, …).
 */
export const icinga2 = defineAdapter({
  expects: 'Icinga’s “host”, “service” and “check_result”, or its notification variables (HOSTNAME, …)',
  readOne: (body, circumstances) =>
    isFields(body.host)
      ? readObjects(body, circumstances)
      : readMacros(templateFields(MACRO, body, circumstances.query), circumstances),
  methods: ['POST', 'PUT', 'GET'],
})

function readObjects(body: Fields, { receivedAt }: Circumstances): Event {
  const host = textAt(body, 'host.name')
  if (host === null) throw new WrongBody('Its host has no name.')
  const service = textAt(body, 'service.name')
  const object = within(body, service === null ? 'host' : 'service')
  const result = { ...within(object, 'last_check_result'), ...within(body, 'check_result') }
  const state = firstText(result, 'state') ?? firstText(object, 'state')
  const kind = kindOf(body, object, result, state)
  const at = firstText(result, 'execution_end')
  return composeEvent(
    {
      kind,
      dedupKey: identity(host, service),
      severity: state,
      severityAs: severityOfState(state),
      title: firstText(object, 'display_name', 'name') ?? host,
      resource: service ?? host,
      service,
      host,
      startsAt: kind === 'trigger' ? at : null,
      endsAt: kind === 'resolve' ? at : null,
      labels: present({
        host,
        check: service,
        command: firstText(object, 'check_command'),
        state_type: result.state_type,
      }),
      annotations: present({ description: firstText(result, 'output') }),
      link: firstText(object, 'action_url', 'notes_url'),
    },
    receivedAt,
  )
}

/**
 * A body without a type comes for every notification alike: one about a downtime or an acknowledgement shows
 * the object in it. A soft state may still be nothing.
 */
function kindOf(body: Fields, object: Fields, result: Fields, state: string | null): Event['kind'] {
  const type = textAt(body, 'notification.type', 'notification_type', 'type')
  const kind = kindOfNotification(type, state)
  if (kind !== 'trigger') return kind
  if (Number(object.downtime_depth) > 0 || isSoft(result.state_type)) return 'note'
  return type === null && Number(object.acknowledgement) > 0 ? 'acknowledge' : kind
}

const isSoft = (type: unknown): boolean => type === 0 || type === '0' || String(type).toUpperCase() === 'SOFT'
