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
import { identity, present } from './fields.ts'
import { hmac } from './signature.ts'

/** Reasons by which an object is as it should be again; “Progressing” and its like leave open how it ends. */
const WELL = /(Succeeded|UpToDate|Applied|Ready|Healthy)$/
const NOT_YET = /^(Dependency)?Not|NotReady$/

/** Flux' notification controller, “generic” and “generic-hmac”. It has no word for recovery: success after an error is one. */
export const flux = defineAdapter({
  expects: 'an event of Flux: “involvedObject” with kind and name, “severity” and “reason”',
  signature: hmac({ header: 'x-signature', prefix: 'sha256=' }),
  readOne: (event, circumstances) => {
    if (!isFields(event.involvedObject)) throw new WrongBody('There is no “involvedObject” in it.')
    return readFlux(event, within(event, 'involvedObject'), circumstances)
  },
})

function readFlux(event: Fields, object: Fields, { receivedAt }: Circumstances): Event {
  const severity = firstText(event, 'severity')
  const reason = firstText(event, 'reason') ?? ''
  const well = severity === 'info' && WELL.test(reason) && !NOT_YET.test(reason)
  const kind = severity === 'error' ? 'trigger' : well ? 'resolve' : 'note'
  const [kindOfObject, namespace, name] = [
    firstText(object, 'kind'),
    firstText(object, 'namespace'),
    firstText(object, 'name'),
  ]
  // What the Alert object adds, under its short names: cluster, env, region.
  const metadata = Object.entries(within(event, 'metadata')).map(([key, value]) => [
    key.split('/').at(-1)!,
    value,
  ])
  const facts: Fields = Object.fromEntries(metadata)
  const cluster = firstText(facts, 'cluster')
  return composeEvent(
    {
      kind,
      dedupKey: identity(kindOfObject, namespace, name, ...(cluster ? [cluster] : [])),
      severity,
      title: reason || firstText(event, 'message'),
      resource: name,
      startsAt: kind === 'trigger' ? event.timestamp : null,
      endsAt: kind === 'resolve' ? event.timestamp : null,
      labels: present({
        ...facts,
        kind: kindOfObject,
        namespace,
        name,
        controller: event.reportingController,
      }),
      annotations: present({ description: event.message }),
    },
    receivedAt,
  )
}
