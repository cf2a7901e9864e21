import { composeEvent, type Event } from '@tocsin/desk'
import { type Circumstances, defineAdapter, type Fields, firstText, WrongBody } from './adapter.ts'
import { fromText, identity, kindOf, listAt, present, textAt } from './fields.ts'
import { isFirstForm, readFirstForm } from './newrelic-2013.ts'

const KINDS: Record<string, Event['kind']> = {
  created: 'trigger',
  activated: 'trigger',
  open: 'trigger',
  acknowledged: 'acknowledge',
  closed: 'resolve',
  resolved: 'resolve',
  // Of the event, where the state was not filled in.
  incident_open: 'trigger',
  incident_opened: 'trigger',
  incident_acknowledged: 'acknowledge',
  incident_closed: 'resolve',
  incident_resolved: 'resolve',
}
const VARIABLE = /^\$[A-Z_]+$/
const kindBy = (word: string | null) => kindOf(KINDS, word?.toLowerCase() ?? '')

/** New Relic's workflows (issues), and its older notification channels (incidents), as JSON or as a form. */
export const newrelic = defineAdapter({
  expects:
    'a notification of New Relic: an issue with “state”, an incident with “current_state”, or the first form, “alert” or “deployment”',
  readOne: (sent, circumstances) => {
    if (isFirstForm(sent)) return readFirstForm(sent, circumstances)
    const body = Object.fromEntries(
      Object.entries(sent).map(([name, value]) => [name, VARIABLE.test(String(value)) ? null : value]),
    )
    if (
      'current_state' in body &&
      ['incident_id', 'condition_name', 'policy_name'].some((name) => name in body)
    )
      return readIncident(body, firstText(sent, 'condition_name'), circumstances)
    // A short template may leave the id to the address.
    const issue =
      firstText(body, 'id', 'issueId', 'issue_id', 'nrIssueId') ??
      /\/issues\/([\w-]+)/.exec(firstText(body, 'issueUrl') ?? '')?.[1]
    const its = [
      'issueUrl',
      'issueId',
      'issue_id',
      'nrIssueId',
      'impactedEntities',
      'alertPolicyNames',
      'workflowName',
    ]
    if (issue && firstText(body, 'state') && its.some((name) => name in body))
      return readIssue(body, issue, circumstances)
    throw new WrongBody('There is neither “current_state” nor an issue with its “state” in it.')
  },
})

function readIssue(issue: Fields, id: string, { receivedAt }: Circumstances): Event {
  const kind = kindBy(firstText(issue, 'state'))
  const policy = textAt(issue, 'alertPolicyNames.0', 'alertPolicyNames', 'policyName', 'policy_name')
  const condition = textAt(
    issue,
    'alertConditionNames.0',
    'alertConditionNames',
    'conditionName',
    'condition_name',
  )
  return composeEvent(
    {
      kind,
      dedupKey: identity('issue', id),
      severity: firstText(issue, 'priority', 'severity'),
      title: textAt(issue, 'title', 'title.0', 'annotations.title.0') ?? condition,
      resource: textAt(issue, 'impactedEntities.0', 'impactedEntities', 'entity.name'),
      service: policy,
      startsAt: issue.createdAt ?? issue.activatedAt,
      endsAt: kind === 'resolve' ? (issue.closedAt ?? issue.updatedAt) : null,
      labels: present({
        alertname: condition,
        policy,
        workflow: issue.workflowName,
        entities: listAt(issue, 'impactedEntities').join(', '),
        correlated: issue.isCorrelated,
      }),
      annotations: present({
        description: textAt(issue, 'description', 'description.0', 'conditionDescription', 'details'),
        runbook: textAt(issue, 'runbookUrl', 'runbookUrl.0'),
        incidents: issue.totalIncidents,
      }),
      link: firstText(issue, 'issueUrl', 'issuePageUrl', 'issueLink'),
    },
    receivedAt,
  )
}

/** The number 0 stands where New Relic only tries the channel. */
const isTest = (incident: Fields, target: unknown): boolean =>
  textAt(target, 'product') === 'TESTING' || textAt(incident, 'incident_id') === '0'

function readIncident(incident: Fields, named: string | null, { receivedAt }: Circumstances): Event {
  // In a form the targets are text.
  const [target] = listAt({ targets: fromText(incident.targets) ?? incident.targets }, 'targets')
  const kind = isTest(incident, target) ? 'test' : kindBy(firstText(incident, 'current_state', 'event_type'))
  const policy = firstText(incident, 'policy_name')
  const condition = firstText(incident, 'condition_name')
  const account = firstText(incident, 'account_id')
  return composeEvent(
    {
      kind,
      dedupKey: identity('incident', account, textAt(incident, 'incident_id') ?? condition),
      severity: firstText(incident, 'severity'),
      // Better a variable that nobody filled in than no title at all.
      title: condition ?? firstText(incident, 'details') ?? named,
      resource: textAt(target, 'name', 'type'),
      service: policy,
      startsAt: kind === 'resolve' ? null : incident.timestamp,
      endsAt: kind === 'resolve' ? incident.timestamp : null,
      labels: present({
        alertname: condition,
        policy,
        account: firstText(incident, 'account_name') ?? account,
        product: textAt(target, 'product'),
      }),
      annotations: present({ description: incident.details, runbook: incident.runbook_url }),
      link: incident.incident_url,
    },
    receivedAt,
  )
}
