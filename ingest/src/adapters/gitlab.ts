import { composeEvent, type Event } from '@tocsin/desk'
import { type Circumstances, defineAdapter, type Fields, firstText, within, WrongBody } from './adapter.ts'
import { identity, kindOf, listAt, present, textAt } from './fields.ts'
import { writtenInstant } from './instant.ts'
import { sharedToken } from './signature.ts'

/** GitLab's HTTP alerts, as tools send them to GitLab, and the webhooks of its projects with their pipelines. */
export const gitlab = defineAdapter({
  expects: 'an alert as GitLab takes it (an object with “title”), or a webhook of GitLab (“object_kind”)',
  signature: sharedToken('x-gitlab-token'),
  readOne: (body, circumstances) => {
    if (firstText(body, 'object_kind') === 'pipeline') return readPipeline(body, circumstances)
    if (firstText(body, 'object_kind') || circumstances.headers['x-gitlab-event'])
      return readOther(body, circumstances)
    if (
      firstText(body, 'title') &&
      (ONLY_HERE.some((name) => name in body) || !ELSEWHERE.some((name) => name in body))
    )
      return readAlert(body, circumstances)
    throw new WrongBody('There is neither “title” nor “object_kind” in it.')
  },
  // Who sends alerts to GitLab expects a list.
  accepted: ({ events }) => ({
    status: 200,
    body: events.map((event) => ('title' in event ? { title: event.title } : {})),
  }),
})

// An alert may have any field; these tell it from other systems' bodies with a title.
const ONLY_HERE = [
  'fingerprint',
  'monitoring_tool',
  'gitlab_environment_name',
  'start_time',
  'end_time',
  'hosts',
]
const ELSEWHERE = [
  'kind',
  'dedup_key',
  'event_type',
  'state',
  'alerts',
  'issueUrl',
  'action',
  'rule',
  'status',
]

const ALERT_FIELDS = ['title', 'description', 'start_time', 'end_time', 'fingerprint', 'hosts', 'severity']

function readAlert(alert: Fields, { receivedAt, zone }: Circumstances): Event {
  const [host = null] = listAt(alert, 'hosts').map((one) => (typeof one === 'string' ? one : null))
  const severity = firstText(alert, 'severity')
  const title = firstText(alert, 'title')
  const service = firstText(alert, 'service')
  const fingerprint = listAt(alert, 'fingerprint').map(String).join(' ').trim()
  const tool = firstText(alert, 'monitoring_tool')
  const free = Object.entries(alert).filter(([name]) => !ALERT_FIELDS.includes(name))
  return composeEvent(
    {
      kind: alert.end_time ? 'resolve' : 'trigger',
      dedupKey: fingerprint || identity(title, service, tool, firstText(alert, 'gitlab_environment_name')),
      severity,
      // As GitLab has it: what is not said is critical.
      severityAs: !severity || severity.toLowerCase() === 'unknown' ? 'critical' : undefined,
      title,
      service,
      host,
      startsAt: writtenInstant(alert.start_time, zone),
      endsAt: writtenInstant(alert.end_time, zone),
      labels: present({
        ...Object.fromEntries(free),
        alertname: title,
        hosts: listAt(alert, 'hosts').join(', '),
      }),
      annotations: present({ description: alert.description }),
    },
    receivedAt,
  )
}

const STATUSES: Record<string, Event['kind']> = { failed: 'trigger', success: 'resolve' }

/** A pipeline is told of at every step; what counts is how it ended, for its project and branch. */
function readPipeline(body: Fields, { receivedAt, zone }: Circumstances): Event {
  const pipeline = within(body, 'object_attributes')
  const project = within(body, 'project')
  const status = firstText(pipeline, 'status') ?? ''
  const kind = kindOf(STATUSES, status)
  const path = firstText(project, 'path_with_namespace', 'name')
  const ref = firstText(pipeline, 'ref')
  const service = firstText(project, 'name')
  const at = writtenInstant(pipeline.finished_at, zone)
  const failed = listAt(body, 'builds').filter((build) => textAt(build, 'status') === 'failed')
  return composeEvent(
    {
      kind,
      dedupKey: identity(path, ref, pipeline.tag === true ? 'tag' : null),
      severity: null,
      severityAs: kind === 'trigger' ? 'error' : undefined,
      title: path,
      resource: ref,
      service,
      startsAt: kind === 'trigger' ? at : null,
      endsAt: kind === 'resolve' ? at : null,
      labels: present({ service, project: path, branch: ref, source: pipeline.source }),
      annotations: present({
        description: textAt(body, 'commit.message')?.trim(),
        status,
        failed: failed.map((build) => textAt(build, 'name')).join(', '),
        pipeline: pipeline.id,
      }),
      link: firstText(pipeline, 'url') ?? textAt(body, 'commit.url') ?? project.web_url,
    },
    receivedAt,
  )
}

/** Pushes, jobs, issues, deployments: what happened around the service. */
function readOther(body: Fields, { receivedAt }: Circumstances): Event {
  const kind = firstText(body, 'object_kind', 'event_name')
  const path = textAt(body, 'project.path_with_namespace', 'project_name')
  return composeEvent(
    {
      kind: kind === 'deployment' || kind === 'release' ? 'change' : 'note',
      dedupKey: identity(path, kind),
      severity: null,
      title: [kind, path].filter(Boolean).join(': '),
      resource: textAt(body, 'ref', 'object_attributes.iid', 'environment'),
      service: textAt(body, 'project.name'),
      link: textAt(body, 'object_attributes.url', 'project.web_url'),
    },
    receivedAt,
  )
}
