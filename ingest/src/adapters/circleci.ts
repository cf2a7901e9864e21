import { composeEvent, type Event } from '@tocsin/desk'
import { type Circumstances, defineAdapter, type Fields, firstText, within, WrongBody } from './adapter.ts'
import { identity, kindOf, present, textAt } from './fields.ts'
import { hmac } from './signature.ts'

// Cancelled and unauthorized are neither failure nor success.
const STATUSES: Record<string, Event['kind']> = {
  failed: 'trigger',
  error: 'trigger',
  failing: 'trigger',
  success: 'resolve',
}
const BUILD_STATUSES: Record<string, Event['kind']> = {
  ...STATUSES,
  timedout: 'trigger',
  infrastructure_fail: 'trigger',
  fixed: 'resolve',
}
const TYPES = ['workflow-completed', 'job-completed', 'ping']

/** CircleCI's webhook. An alert is a workflow (or a job of it) on a branch; its next success resolves it. */
export const circleci = defineAdapter({
  expects: 'a webhook of CircleCI: “type” workflow-completed or job-completed, with “project” and “workflow”',
  signature: hmac({ header: 'circleci-signature', prefix: 'v1=' }),
  readOne: (body, circumstances) => {
    const build = within(body, 'payload')
    if (firstText(build, 'build_url') && firstText(build, 'status')) return readBuild(build, circumstances)
    const type = firstText(body, 'type')
    if (!type || !(TYPES.includes(type) || 'webhook' in body))
      throw new WrongBody('“type” is not one of CircleCI’s webhooks.')
    return readCompletion(body, type, circumstances)
  },
})

/** The webhook before version 2: one build with everything about it. */
function readBuild(build: Fields, { receivedAt }: Circumstances): Event {
  const status = firstText(build, 'outcome', 'status') ?? ''
  const kind = kindOf(BUILD_STATUSES, status)
  const name = firstText(build, 'reponame')
  const slug = [firstText(build, 'username'), name].filter(Boolean).join('/') || null
  const branch = firstText(build, 'branch')
  const at = build.stop_time
  return composeEvent(
    {
      kind,
      dedupKey: identity(slug, 'build', branch, textAt(build, 'workflows.job_name')),
      severity: null,
      severityAs: kind === 'trigger' ? 'error' : undefined,
      title: name ?? firstText(build, 'subject', 'build_url'),
      resource: branch,
      service: slug,
      startsAt: kind === 'trigger' ? at : null,
      endsAt: kind === 'resolve' ? at : null,
      labels: present({ service: slug, branch, build: build.build_num }),
      annotations: present({ description: build.subject, status, commit: build.vcs_revision }),
      link: build.build_url,
    },
    receivedAt,
  )
}

function readCompletion(body: Fields, type: string, { receivedAt }: Circumstances): Event {
  const workflow = within(body, 'workflow')
  const job = type === 'job-completed' ? within(body, 'job') : {}
  const done = type === 'job-completed' ? job : workflow
  const known = kindOf(STATUSES, firstText(done, 'status') ?? '')
  const kind = type === 'ping' ? 'ping' : TYPES.includes(type) ? known : 'note'
  const slug = textAt(body, 'project.slug', 'project.name')
  const pipeline = within(body, 'pipeline')
  const branch = textAt(
    pipeline,
    'vcs.branch',
    'trigger_parameters.git.branch',
    'trigger_parameters.gitlab.branch',
  )
  const tag = textAt(pipeline, 'vcs.tag', 'trigger_parameters.git.tag')
  const name = firstText(workflow, 'name')
  const jobName = firstText(job, 'name')
  const at = done.stopped_at ?? body.happened_at
  return composeEvent(
    {
      kind,
      dedupKey: identity(slug, name, branch ?? (tag && `tag ${tag}`), ...(jobName ? [jobName] : [])),
      severity: null,
      severityAs: kind === 'trigger' ? 'error' : undefined,
      title: jobName ?? name ?? textAt(body, 'webhook.name') ?? type,
      resource: branch ?? tag,
      service: slug,
      startsAt: kind === 'trigger' ? at : null,
      endsAt: kind === 'resolve' ? at : null,
      labels: present({ service: slug, workflow: name, job: jobName, branch, tag }),
      annotations: present({
        description: textAt(pipeline, 'vcs.commit.subject', 'trigger_parameters.git.commit_title'),
        status: done.status,
        commit: textAt(pipeline, 'vcs.revision', 'trigger_parameters.git.checkout_sha'),
      }),
      link: firstText(workflow, 'url'),
    },
    receivedAt,
  )
}
