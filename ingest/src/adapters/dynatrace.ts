import { composeEvent, type Event, type Read } from '@tocsin/desk'
import { type Circumstances, defineAdapter, type Fields, firstText, isFields, WrongBody } from './adapter.ts'
import { fromText, identity, kindOf, listAt, present, textAt, wordIn } from './fields.ts'
import { templateFields } from './template.ts'

const SEVERITIES: Record<string, Read['severityAs']> = {
  AVAILABILITY: 'critical',
  ERROR: 'error',
  PERFORMANCE: 'warning',
  SLOWDOWN: 'warning',
  RESOURCE: 'warning',
  RESOURCE_CONTENTION: 'warning',
  CUSTOM_ALERT: 'warning',
  MONITORING_UNAVAILABLE: 'warning',
  INFO: 'info',
}
// A problem that was merged into another hears of no end of its own.
const KINDS: Record<string, Event['kind']> = {
  OPEN: 'trigger',
  RESOLVED: 'resolve',
  MERGED: 'resolve',
  CLOSED: 'resolve',
}

// A placeholder that was left standing.
const UNEXPANDED = /^\{[A-Za-z ]+\}$/

/** Dynatrace's custom integration: a template, whose names are written with spaces and without. */
export const dynatrace = defineAdapter({
  expects: 'a problem notification of Dynatrace: “State”, “PID” or “ProblemID”, “ProblemTitle”',
  readOne: (body, circumstances) => {
    const problem = templateFields(UNEXPANDED, body)
    if (!firstText(problem, 'pid', 'problemid') || !firstText(problem, 'state'))
      throw new WrongBody('There is no problem with its “State” in it.')
    return readProblem(problem, circumstances)
  },
})

function readProblem(problem: Fields, { receivedAt }: Circumstances): Event {
  const kind = kindOf(KINDS, firstText(problem, 'state')?.toUpperCase() ?? '')
  const entities = fromText(problem.impactedentities) ?? problem.impactedentities
  const [entity] = listAt({ entities }, 'entities').filter(isFields)
  const severity = firstText(problem, 'problemseverity', 'severity', 'severitylevel')
  const details = fromText(problem.problemdetailsjson) ?? problem.problemdetailsjson
  // -1 while it is open.
  const ends = textAt(details, 'endTime')
  return composeEvent(
    {
      kind,
      dedupKey: firstText(problem, 'pid') ?? identity('problem', firstText(problem, 'problemid')),
      severity,
      severityAs: wordIn(SEVERITIES, severity?.toUpperCase()),
      title: firstText(problem, 'problemtitle', 'title'),
      resource: textAt(entity, 'entity'),
      host: textAt(entity, 'type')?.toUpperCase() === 'HOST' ? textAt(entity, 'name') : null,
      startsAt: textAt(details, 'startTime'),
      endsAt: kind === 'resolve' && !ends?.startsWith('-') ? ends : null,
      labels: present({
        problem: problem.problemid,
        impact: problem.problemimpact,
        entity: textAt(entity, 'name'),
        entity_type: textAt(entity, 'type'),
        tags: problem.tags,
      }),
      annotations: present({
        description: firstText(problem, 'problemdetailstext', 'problemdetailsmarkdown', 'problemdetailshtml'),
        entities: firstText(problem, 'impactedentity', 'impactedentitynames'),
      }),
      link: problem.problemurl,
    },
    receivedAt,
  )
}
