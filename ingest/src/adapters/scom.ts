import { composeEvent, type Event } from '@tocsin/desk'
import { defineAdapter, firstText, WrongBody } from './adapter.ts'
import { present } from './fields.ts'
import { writtenInstant } from './instant.ts'
import { holdsVariable, templateFields } from './template.ts'
import { vocabulary } from './vocabulary.ts'

// “Not Present” stands where a property has no value, and is often shortened.
const VARIABLE = /^(?:\$(?:Data|Target|MPElement).*\$|np|not present)$/i
const kindOfState = vocabulary<Event['kind']>({
  '0': 'trigger',
  new: 'trigger',
  active: 'trigger',
  open: 'trigger',
  '249': 'acknowledge',
  acknowledged: 'acknowledge',
  '255': 'resolve',
  closed: 'resolve',
  resolved: 'resolve',
})
const severityOfWord = vocabulary<Event['severity']>({
  '2': 'critical',
  critical: 'critical',
  error: 'critical',
  '1': 'warning',
  warning: 'warning',
  '0': 'info',
  information: 'info',
  informational: 'info',
})

// At its top, under whatever spelling.
const OWN = /^(?:alert[_ ]?name|resolution[_ ]?state|monitoring[_ ]?object|managed[_ ]?entity|netbios)/i

/** System Center Operations Manager by a command or runbook that posts an alert's properties under their names. */
export const scom = defineAdapter({
  expects: 'SCOM’s properties by their names: “alertId”, “alertName” and “resolutionState”',
  readOne: (body, { receivedAt, zone }) => {
    const fields = templateFields(VARIABLE, body)
    const key = firstText(fields, 'alertid', 'id')
    const state = firstText(fields, 'resolutionstate', 'alertstate', 'status', 'state')
    const unsaid = holdsVariable(VARIABLE, [body], 'resolutionstate')
    const isOwn = Object.keys(body).some((name) => OWN.test(name))
    if (!isOwn || key === null || (state === null && !unsaid))
      throw new WrongBody('It has no “alertId” or no “resolutionState”.')
    // States between new and closed are an organisation's own.
    const kind = kindOfState(state) ?? 'note'
    const severity = firstText(fields, 'severity', 'alertseverity')
    const host = firstText(fields, 'netbioscomputername', 'computername', 'principalname')
    return composeEvent(
      {
        kind,
        dedupKey: key,
        severity,
        severityAs: severityOfWord(severity),
        title: firstText(fields, 'alertname', 'name'),
        resource: firstText(
          fields,
          'monitoringobjectdisplayname',
          'monitoringobjectfullname',
          'managedentity',
          'managedentitysource',
        ),
        host,
        startsAt: writtenInstant(firstText(fields, 'timeraised', 'timecreated', 'created'), zone),
        endsAt:
          kind === 'resolve'
            ? writtenInstant(firstText(fields, 'timeresolved', 'lastmodified', 'timelastmodified'), zone)
            : null,
        labels: present({
          host,
          category: fields.category,
          priority: fields.priority,
          object_path: fields.monitoringobjectpath,
        }),
        annotations: present({ description: firstText(fields, 'alertdescription', 'description') }),
        link: firstText(fields, 'webconsoleurl', 'url'),
      },
      receivedAt,
    )
  },
})
