import { composeEvent, type Event } from '@tocsin/desk'
import { defineAdapter, firstText, isFields, WrongBody } from './adapter.ts'
import { present } from './fields.ts'
import { writtenInstant } from './instant.ts'
import { templateFields } from './template.ts'
import { vocabulary } from './vocabulary.ts'

const VARIABLE = /^\{\{.*\}\}$/
const kindOfAction = vocabulary<Event['kind']>({
  open: 'trigger',
  closed: 'resolve',
  triggered: 'trigger',
  resolved: 'resolve',
})

/** Axiom's webhook, its template's variables under their own names, at the top or within “event”. */
export const axiom = defineAdapter({
  expects: 'Axiom’s variables by their names: “action” (Open or Closed) and “monitorID”',
  readOne: (body, { receivedAt, zone }) => {
    const outer = templateFields(VARIABLE, body)
    const of = (...names: string[]) => firstText(outer, ...names.flatMap((name) => [`event${name}`, name]))
    const monitor = of('monitorid')
    const action = of('action', 'status')
    if (monitor === null || action === null) throw new WrongBody('It has no “monitorID” or no “action”.')
    const kind = kindOfAction(action) ?? 'note'
    if (kind === 'note' && (!('action' in outer || 'eventaction' in outer) || isFields(body.monitor)))
      throw new WrongBody('Its “action” is neither Open nor Closed.')
    const at = writtenInstant(of('timestamp', 'queryendtime'), zone)
    return composeEvent(
      {
        kind,
        dedupKey: monitor,
        severity: of('severity'),
        title: of('title', 'name') ?? monitor,
        startsAt: kind === 'trigger' ? at : null,
        endsAt: kind === 'resolve' ? at : null,
        labels: present({ monitor, value: of('value') }),
        annotations: present({ description: of('body') ?? of('description'), about: of('description') }),
        link: of('monitorurl', 'url'),
      },
      receivedAt,
    )
  },
})
