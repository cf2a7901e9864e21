import type { Event, Mapping, MappedField } from '@tocsin/desk'
import { vocabulary } from './vocabulary.ts'

const STATUSES: Record<string, string> = {
  trigger:
    'firing fired fire triggered trigger open opened new active activated alert alerting alarm problem failed failure failing fail error critical warning down breached raised started created reopened unhealthy offline bad true 1',
  resolve:
    'resolved resolve closed close cleared clear recovered recovery ok okay normal up inactive deactivated done fixed healthy online ended finished solved success succeeded passing good false 0',
  acknowledge: 'acknowledged acknowledge acked ack',
  note: 'note comment commented',
  change: 'change deployed deployment',
  ping: 'ping heartbeat',
  test: 'test testing',
}

/** What a sender's word for a state usually means. */
export const usualStatus = vocabulary<Event['kind']>(
  Object.fromEntries(
    Object.entries(STATUSES).flatMap(([kind, words]) =>
      words.split(' ').map((word) => [word, kind as Event['kind']] as const),
    ),
  ),
)

/** Words for how bad it is that the desk itself does not know. */
export const usualSeverity = vocabulary<Mapping['severities'][string]>({
  urgent: 'critical',
  severe: 'critical',
  blocker: 'critical',
  highest: 'critical',
  down: 'critical',
  serious: 'error',
  lowest: 'info',
  success: 'ok',
  healthy: 'ok',
})

/** Priorities that are numbers, as P1 to P5 are meant. */
export const NUMBERED: Mapping['severities'] = {
  1: 'critical',
  2: 'error',
  3: 'warning',
  4: 'info',
  5: 'info',
}
export const NUMBERED_NAMES = ['priority', 'urgency', 'incidentpriority', 'alertpriority']

/** Yes or no in a field of this name, and what yes means. */
export const FLAGS: Record<string, 'firing' | 'resolved'> = {
  resolved: 'resolved',
  isresolved: 'resolved',
  closed: 'resolved',
  recovered: 'resolved',
  ok: 'resolved',
  up: 'resolved',
  healthy: 'resolved',
  success: 'resolved',
  firing: 'firing',
  triggered: 'firing',
  active: 'firing',
  alarm: 'firing',
  down: 'firing',
  failed: 'firing',
}

/** Where bodies list their messages. */
export const LISTS = [
  'alerts',
  'events',
  'incidents',
  'items',
  'problems',
  'issues',
  'alarms',
  'records',
  'data',
]

/**
 * Under which names each fact usually stands, the likeliest first; spelled without case, signs and spaces, so
 * that `alert_id`, `alertId` and `alert: { id }` are one.
 */
export const NAMES: Record<Exclude<MappedField, 'kind' | 'labels'>, string[]> = {
  status: words(
    'status state alertstatus alertstate currentstatus currentstate newstatus newstate incidentstatus incidentstate checkstatus eventstatus eventaction action transition notificationtype eventtype alerttype type event kind result',
  ),
  severity: words(
    'severity sev severitylevel alertseverity priority alertpriority incidentpriority level alertlevel loglevel criticality urgency impact',
  ),
  title: words(
    'title alerttitle incidenttitle eventtitle summary alertsummary shortdescription subject headline alertname message alertmessage msg incidentname alert rulename checkname monitorname eventname name text description reason problem error',
  ),
  dedup_key: words(
    'dedupkey deduplicationkey dedupid fingerprint alertkey incidentkey alertid incidentid problemid alarmid issueid ticketid ruleid checkid monitorid triggerid alertuid uid uuid key id eventid reference number sysid',
  ),
  resource: words(
    'resource resourcename resourceid target targetname check checkname monitor monitorname entity entityname object objectname metric metricname container pod queue topic',
  ),
  service: words(
    'service servicename application applicationname app appname component componentname system',
  ),
  host: words(
    'host hostname server servername instance instanceid node nodename machine device devicename computer agent agentname hostaddress ip ipaddress',
  ),
  starts_at: words(
    'startsat startedat starttime start startdate firedat triggeredat openedat raisedat since createdat created creationtime occurredat timestamp time datetime date eventtime',
  ),
  ends_at: words(
    'endsat endedat endtime enddate resolvedat closedat clearedat recoveredat resolved timestamp time datetime date eventtime updatedat',
  ),
  link: words(
    'link url alerturl incidenturl eventurl permalink htmlurl weburl dashboardurl detailsurl consoleurl generatorurl href runbookurl',
  ),
  description: words(
    'description alertdescription details detail body longmessage output message text content info',
  ),
}

/** Objects of names and values. */
export const LABELS = words('labels tags attributes dimensions metadata custom customdetails')

function words(text: string): string[] {
  return text.split(' ')
}
