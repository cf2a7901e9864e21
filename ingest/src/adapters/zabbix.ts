import { composeEvent, type Event } from '@tocsin/desk'
import { type Circumstances, defineAdapter, type Fields, firstText, isFields, WrongBody } from './adapter.ts'
import { fromText, identity, listAt, present } from './fields.ts'
import { writtenInstant } from './instant.ts'
import { isFromAgent, readFromAgent } from './pagerduty-agent.ts'
import { holdsVariable, templateFields } from './template.ts'
import { vocabulary } from './vocabulary.ts'

// {EVENT.ID}, {$ZABBIX.URL}, {HOST.NAME1}; and what Zabbix puts where it knows nothing.
const MACRO = /^(?:\{\$?[A-Z][\w.:"]*\}|\*UNKNOWN\*)$/

/**
 * Zabbix by a webhook media type: its macros under whatever names, as the official ones and many others spell
 * them, or through PagerDuty's agent. An event's id stays the problem's own when it recovers.
 */
export const zabbix = defineAdapter({
  expects: 'Zabbix’s macros by their names: event_id, event_value, event_name, host_name, …',
  readOne: (body, circumstances) =>
    isFromAgent(body)
      ? readFromAgent(body, circumstances, (details) => {
          const host = firstText(details, 'hostname', 'host')
          return { severity: firstText(details, 'severity'), resource: host, service: null, host }
        })
      : readMacros(body, circumstances),
  // Media types look for one code to the letter: Keep's, which shows its key so, for 202, the others for 200.
  accepted: ({ receipt, events, circumstances }) => ({
    status: 'x-api-key' in circumstances.headers ? 202 : 200,
    body: { status: 'accepted', receipt, events: events.length },
  }),
  secretFields: ['service_key', 'keepApiKey'],
})

// Two of these and it is Zabbix that speaks.
const OWN = [
  'eventid',
  'eventvalue',
  'eventname',
  'eventseverity',
  'eventnseverity',
  'triggerid',
  'triggername',
  'triggerstatus',
  'triggerseverity',
  'hosthost',
  'hostname',
  'hostip',
  'alertsubject',
  'alertmessage',
  'zabbixurl',
  'operationdata',
  'problemid',
  'trigger',
  'item',
]

function readMacros(body: Fields, { receivedAt, zone, query }: Circumstances): Event {
  const fields = templateFields(MACRO, body, query)
  const event = firstText(fields, 'eventid', 'problemid', 'id')
  const trigger = firstText(fields, 'triggerid')
  const host = firstText(fields, 'hosthost', 'hostname', 'hostname1', 'host', 'hostvisiblename')
  const title = firstText(
    fields,
    'eventname',
    'triggername',
    'trigger',
    'problemname',
    'name',
    'title',
    'subject',
    'alertsubject',
  )
  const isTest = holdsVariable(MACRO, [body], 'eventvalue', 'eventid', 'triggerid')
  const isNamed = event !== null || trigger !== null || (host !== null && title !== null)
  if (!isTest && (!isNamed || OWN.filter((name) => name in fields).length < 2))
    throw new WrongBody('It has no event of Zabbix’s: no “event_id” or “trigger_id” with what belongs to it.')
  const kind = isTest ? 'test' : kindOf(fields)
  const severity = firstText(
    fields,
    'eventseverity',
    'triggerseverity',
    'severity',
    'severitytext',
    'triggerseveritytext',
    'eventnseverity',
    'nseverity',
    'priority',
  )
  const tags = tagsOf(fields)
  const url = firstText(fields, 'zabbixurl', 'triggerurl', 'link')
  return composeEvent(
    {
      kind,
      dedupKey: event ?? identity(trigger ?? title, host),
      severity,
      severityAs: severityOfWord(severity),
      title: title ?? host,
      resource: firstText(fields, 'itemname', 'itemname1', 'item', 'itemkey', 'itemkey1'),
      service: firstText(fields, 'service') ?? tags.service ?? null,
      host,
      ...spanOf(fields, kind, zone),
      labels: {
        ...tags,
        ...present({
          host,
          alertname: firstText(fields, 'triggername', 'trigger', 'eventname', 'name'),
          trigger: trigger,
          hostgroup: listAt(fields, 'hostgroups').concat(listAt(fields, 'hostgroup')).join(','),
          address: firstText(fields, 'hostip', 'hostconn'),
          operational_data: firstText(fields, 'operationdata', 'opdata', 'eventopdata'),
        }),
      },
      annotations: present({
        description: firstText(fields, 'alertmessage', 'message', 'description', 'triggerdescription'),
        update: firstText(fields, 'eventupdatemessage', 'updatemessage'),
      }),
      link:
        url && trigger && event
          ? `${url.replace(/\/$/, '')}/tr_events.php?triggerid=${trigger}&eventid=${event}`
          : url,
    },
    receivedAt,
  )
}

const severityOfWord = vocabulary<Event['severity']>({
  '0': 'info',
  'not classified': 'info',
  '1': 'info',
  '2': 'warning',
  '3': 'error',
  '4': 'error',
  '5': 'critical',
})

const kindOfValue = vocabulary<Event['kind']>({
  '0': 'resolve',
  ok: 'resolve',
  resolved: 'resolve',
  recovery: 'resolve',
  recovered: 'resolve',
  '1': 'trigger',
  problem: 'trigger',
})

function kindOf(fields: Fields): Event['kind'] {
  const word =
    firstText(fields, 'eventvalue', 'value', 'triggervalue') ??
    firstText(fields, 'eventstatus', 'triggerstatus', 'status')
  // Hosts found and registered are no problems.
  const isDiscovery = ['1', '2'].includes(firstText(fields, 'eventsource') ?? '')
  const kind = word === null ? fromSubject(fields) : (kindOfValue(word) ?? 'note')
  if (isDiscovery) return 'note'
  if (firstText(fields, 'eventupdatestatus', 'updatestatus') !== '1' || kind === 'resolve') return kind
  const action = firstText(fields, 'eventupdateaction', 'updateaction') ?? ''
  return /(?<!un)acknowledged/i.test(action) ? 'acknowledge' : 'note'
}

/** The default messages begin with it. */
function fromSubject(fields: Fields): Event['kind'] {
  const subject = firstText(fields, 'subject', 'alertsubject', 'title') ?? ''
  if (/^(resolved|ok)\b/i.test(subject)) return 'resolve'
  return /^updated problem/i.test(subject) ? 'note' : 'trigger'
}

/** Dates and times come apart, in the server's zone; a recovery tells both of its ends. */
function spanOf(fields: Fields, kind: Event['kind'], zone: string) {
  const wall = (date: string | null, time: string | null) =>
    date && time ? writtenInstant(`${date.replaceAll('.', '-')} ${time}`, zone) : null
  const began =
    firstText(fields, 'eventdatetimetimestamp', 'eventtimestamp', 'eventclock', 'clock') ??
    wall(firstText(fields, 'eventdate', 'date'), firstText(fields, 'eventtime', 'time'))
  const seen = writtenInstant(firstText(fields, 'lastreceived', 'datetime')?.replaceAll('.', '-'), zone)
  const ended =
    firstText(fields, 'eventrecoverytimestamp') ??
    wall(
      firstText(fields, 'eventrecoverydate', 'eventrdate', 'recoverydate'),
      firstText(fields, 'eventrecoverytime', 'eventrtime', 'recoverytime'),
    )
  return kind === 'resolve' ? { startsAt: began, endsAt: ended ?? seen } : { startsAt: began ?? seen }
}

/** `{EVENT.TAGSJSON}`, `{EVENT.TAGS}` (`scope:availability, target:x`), or a map of lists. */
function tagsOf(fields: Fields): Record<string, string> {
  const given = fields.eventtags ?? fields.eventtagsjson ?? fields.tags ?? fields.triggertags
  const tags = fromText(given) ?? given
  const pairs = Array.isArray(tags)
    ? tags.filter(isFields).map((tag) => [firstText(tag, 'tag'), firstText(tag, 'value')])
    : isFields(tags)
      ? Object.keys(tags).map((tag) => [tag, listAt(tags, tag).join(',')])
      : (typeof tags === 'string' ? tags : '').split(',').map((tag) => tag.trim().split(/:\s?(.*)/s))
  return Object.fromEntries(pairs.filter(([tag]) => tag).map(([tag, value]) => [tag, value || 'true']))
}
