import { composeEvent, type Event } from '@tocsin/desk'
import { defineAdapter, firstText, type Fields, isFields, WrongBody } from './adapter.ts'
import { listAt, present } from './fields.ts'
import { templateFields } from './template.ts'
import { vocabulary } from './vocabulary.ts'

// A placeholder that it did not fill in, and what its form proposes to write there.
const VARIABLE = /^(?:\$[A-Z0-9_]+|\*insert .*\*)$/
const kindOfAction = vocabulary<Event['kind']>({
  trigger: 'trigger',
  triggered: 'trigger',
  resolve: 'resolve',
  resolved: 'resolve',
})
const severityOfWord = vocabulary<Event['severity']>({
  p1: 'critical',
  p2: 'error',
  p3: 'warning',
  p4: 'info',
  p5: 'info',
})

/** Coralogix's generic webhook: its placeholders at the top, and more of them in a list of keys and values. */
export const coralogix = defineAdapter({
  expects: 'Coralogix’ placeholders by their names: “alert_id” or “uuid”, “name” and “alert_action”',
  readOne: (body, { receivedAt }) => {
    const listed: Fields = Object.fromEntries(
      listAt(body, 'fields').flatMap((one) =>
        isFields(one) && firstText(one, 'key') ? [[firstText(one, 'key'), one.value]] : [],
      ),
    )
    const fields = templateFields(VARIABLE, body, listed)
    const unique = firstText(fields, 'alertuniqueidentifier', 'uniqueidentifier', 'uniqueid', 'alertgroupid')
    const alert = firstText(fields, 'alertid', 'id', 'uuid')
    const name = firstText(fields, 'name', 'alertname')
    const isOwn =
      'alert_action' in body || 'fields' in body || ('name' in body && ('alert_id' in body || 'uuid' in body))
    if ((unique ?? alert) === null || !isOwn || 'trigger_url' in body || 'rule_id' in body)
      throw new WrongBody('It has no alert’s id, or no “name”.')
    const kind = kindOfAction(firstText(fields, 'alertaction', 'action', 'status')) ?? 'trigger'
    const severity = firstText(fields, 'priority', 'eventseverity', 'severity')
    const at = firstText(fields, 'eventtimestamp', 'timestampms', 'timestampiso', 'timestamp')
    const application = firstText(fields, 'application', 'applicationname')
    return composeEvent(
      {
        kind,
        dedupKey: unique ?? alert!,
        severity,
        severityAs: severityOfWord(severity),
        title: name ?? alert,
        resource: firstText(fields, 'subsystem', 'subsystemname') ?? application,
        service: firstText(fields, 'service') ?? application,
        host: firstText(fields, 'computer', 'computername'),
        startsAt: kind === 'trigger' ? numeric(at) : null,
        endsAt: kind === 'resolve' ? numeric(at) : null,
        labels: present({
          alert,
          application,
          subsystem: fields.subsystem ?? fields.subsystemname,
          team: fields.team ?? fields.teamname,
          group_by: fields.groupbylabels,
          hits: fields.hitcount,
        }),
        annotations: present({ description: firstText(fields, 'description', 'text', 'logtext') }),
        link: firstText(fields, 'alerturl', 'logurl'),
      },
      receivedAt,
    )
  },
})

/** A placeholder is text even where it stands for a number. */
const numeric = (at: string | null) => (at !== null && /^\d+(\.\d+)?$/.test(at) ? Number(at) : at)
