import { composeEvent, type Event } from '@tocsin/desk'
import { type Circumstances, defineAdapter, type Fields, firstText, within, WrongBody } from './adapter.ts'
import { kindOf } from './fields.ts'
import { saidLabels } from './labels.ts'

const KINDS: Record<string, Event['kind']> = {
  'snitch.missing': 'trigger',
  'snitch.errored': 'trigger',
  'snitch.reporting': 'resolve',
}

/** Dead Man's Snitch: a job that did not report, or reported a failure. The snitch's token is its name, no secret. */
export const deadMansSnitch = defineAdapter({
  expects: 'a Dead Man’s Snitch webhook {"type": "snitch.missing", "data": {"snitch": {"token": "…"}}}',
  readOne: readChange,
})

function readChange(body: Fields, { receivedAt }: Circumstances): Event {
  const type = firstText(body, 'type')
  const snitch = within(within(body, 'data'), 'snitch')
  const token = firstText(snitch, 'token')
  if (!type?.startsWith('snitch.') || token === null)
    throw new WrongBody('There is no “type” of a snitch, or no “data.snitch.token” in it.')
  const kind = kindOf(KINDS, type)
  return composeEvent(
    {
      kind,
      dedupKey: token,
      severity: firstText(snitch, 'severity'),
      severityAs: kind === 'resolve' ? 'ok' : kind === 'trigger' ? 'error' : 'info',
      title: firstText(snitch, 'name') ?? token,
      startsAt: kind === 'trigger' ? body.timestamp : null,
      endsAt: kind === 'resolve' ? body.timestamp : null,
      labels: saidLabels({ snitch: snitch.name, status: snitch.status, tags: snitch.tags }),
      annotations: saidLabels({ description: snitch.notes, error: snitch.error }),
      link: firstText(snitch, 'href'),
    },
    receivedAt,
  )
}
