import { composeEvent, type Event } from '@tocsin/desk'
import { type Circumstances, defineAdapter, type Fields, firstText, within, WrongBody } from './adapter.ts'
import { kindOf } from './fields.ts'
import { saidLabels } from './labels.ts'

// Uptime checks say DOWN and UP, transaction checks FAILING and SUCCESS.
const KINDS: Record<string, Event['kind']> = {
  DOWN: 'trigger',
  FAILING: 'trigger',
  UP: 'resolve',
  SUCCESS: 'resolve',
}

/** Pingdom's webhook. `importance_level` says how loud to be, also when all is well again. */
export const pingdom = defineAdapter({
  expects: 'a Pingdom webhook {"check_id": …, "current_state": "DOWN"|"UP", "check_name": "…"}',
  readOne: readChange,
})

function readChange(body: Fields, { receivedAt }: Circumstances): Event {
  const id = firstText(body, 'check_id')
  const state = firstText(body, 'current_state')
  if (id === null || state === null)
    throw new WrongBody('There is no “check_id” or no “current_state” in it.')
  const kind = kindOf(KINDS, state.toUpperCase())
  const importance = firstText(body, 'importance_level')
  const check = within(body, 'check_params')
  const host = firstText(check, 'hostname')
  const url = firstText(check, 'full_url') ?? firstText(check, 'url')
  const since = body.state_changed_timestamp ?? body.state_changed_utc_time
  return composeEvent(
    {
      kind,
      dedupKey: id,
      severity: importance,
      severityAs: kind === 'resolve' ? 'ok' : importance?.toUpperCase() === 'LOW' ? 'warning' : 'critical',
      title: firstText(body, 'check_name'),
      resource: url ?? host,
      host,
      startsAt: kind === 'trigger' ? since : null,
      endsAt: kind === 'resolve' ? since : null,
      labels: saidLabels({
        check: body.check_name,
        type: body.check_type,
        tags: body.tags,
        probe: within(body, 'first_probe').location,
      }),
      annotations: saidLabels({
        summary: body.description,
        description: body.long_description ?? body.description,
      }),
      link: firstText(check, 'full_url'),
    },
    receivedAt,
  )
}
