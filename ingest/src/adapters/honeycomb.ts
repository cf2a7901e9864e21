import { composeEvent, type Event } from '@tocsin/desk'
import { type Circumstances, defineAdapter, type Fields, firstText, within, WrongBody } from './adapter.ts'
import { identity, kindOf, present, textAt, valueAt } from './fields.ts'
import { sharedToken } from './signature.ts'

const KINDS: Record<string, Event['kind']> = { TRIGGERED: 'trigger', OK: 'resolve', RESOLVED: 'resolve' }
const ITS_OWN = ['trigger_url', 'result_groups', 'result_url', 'budget_rate', 'exhaustion_minutes']

/** Honeycomb's triggers and burn alerts: one alert a trigger, however many groups it found. */
export const honeycomb = defineAdapter({
  expects: 'a webhook of Honeycomb: “id”, “name” and “status” of a trigger or a burn alert',
  signature: sharedToken('x-honeycomb-webhook-token'),
  secretFields: ['shared_secret'],
  readOne: (body, circumstances) => {
    const alert = { ...body, ...within(body, 'alert') }
    if (
      !firstText(alert, 'id', 'name') ||
      !firstText(alert, 'status') ||
      !(ITS_OWN.some((name) => name in body) || 'status' in within(body, 'alert'))
    )
      throw new WrongBody('There is no trigger with its “status” in it.')
    return readTrigger(alert, circumstances)
  },
})

function readTrigger(alert: Fields, { receivedAt }: Circumstances): Event {
  const status = firstText(alert, 'status')?.toUpperCase() ?? ''
  const test = alert.isTest === true || alert.is_test === true
  const name = firstText(alert, 'name')
  const group = valueAt(alert, 'result_groups_triggered.0.Group')
  return composeEvent(
    {
      kind: test ? 'test' : kindOf(KINDS, status),
      dedupKey: firstText(alert, 'id') ?? identity('trigger', name),
      severity: firstText(alert, 'severity'),
      title: name,
      startsAt: alert.timestamp,
      labels: present({
        ...(typeof group === 'object' ? group : {}),
        alertname: name,
        environment: firstText(alert, 'environment'),
        dataset: firstText(alert, 'dataset'),
      }),
      annotations: present({
        description: firstText(alert, 'description', 'summary', 'trigger_description'),
        threshold:
          textAt(alert, 'threshold') &&
          `${textAt(alert, 'operator') ?? ''} ${textAt(alert, 'threshold')}`.trim(),
      }),
      link: firstText(alert, 'result_url', 'trigger_url', 'url'),
    },
    receivedAt,
  )
}
