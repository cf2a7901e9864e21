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
import { asFields, identity, kindOf, present, textAt } from './fields.ts'
import { hmac } from './signature.ts'

// Cancelled, skipped, neutral, stale, and waiting for somebody's word: nothing failed, and nothing is well again.
const CONCLUSIONS: Record<string, Event['kind']> = {
  failure: 'trigger',
  timed_out: 'trigger',
  startup_failure: 'trigger',
  success: 'resolve',
}

/** GitHub's webhook with workflow runs. An alert is a workflow on a branch; its next success resolves it. */
export const githubActions = defineAdapter({
  expects: 'a webhook of GitHub: a “workflow_run” of a “repository”, or its ping',
  signature: hmac({ header: 'x-hub-signature-256', prefix: 'sha256=' }),
  readOne: (sent, circumstances) => {
    // By default GitHub sends a form, and the JSON as a field of it.
    const body = 'payload' in sent ? asFields(sent.payload) : sent
    const event = circumstances.headers['x-github-event']
    const repository = textAt(body, 'repository.full_name')
    if (isFields(body.workflow_run)) return readRun(body, within(body, 'workflow_run'), circumstances)
    if (event === 'ping' || (firstText(body, 'zen') && firstText(body, 'hook_id')))
      return note(
        'ping',
        `Webhook of ${repository ?? textAt(body, 'organization.login') ?? 'GitHub'}`,
        body,
        circumstances,
      )
    if (!event)
      throw new WrongBody('There is no “workflow_run” in it, nor a header that names an event of GitHub.')
    return note('note', `${event} ${firstText(body, 'action') ?? ''}`.trim(), body, circumstances)
  },
})

function readRun(body: Fields, run: Fields, { receivedAt }: Circumstances): Event {
  const completed = firstText(body, 'action') === 'completed'
  const conclusion = firstText(run, 'conclusion') ?? ''
  const kind = completed ? kindOf(CONCLUSIONS, conclusion) : 'note'
  const repository = textAt(body, 'repository.full_name')
  const branch = firstText(run, 'head_branch')
  const workflow = textAt(body, 'workflow.name') ?? firstText(run, 'name', 'path')
  // A fork's branch is called as ours often enough, and says nothing about ours.
  const head = textAt(run, 'head_repository.full_name')
  const fork = head !== null && head !== repository ? [head] : []
  return composeEvent(
    {
      kind,
      dedupKey: identity(repository, firstText(run, 'workflow_id') ?? workflow, branch, ...fork),
      severity: null,
      severityAs: kind === 'trigger' ? 'error' : undefined,
      title: workflow,
      resource: branch,
      service: repository,
      startsAt: kind === 'resolve' ? null : run.updated_at,
      endsAt: kind === 'resolve' ? run.updated_at : null,
      labels: present({
        service: repository,
        workflow,
        branch,
        event: run.event,
        fork: fork[0],
        actor: textAt(run, 'actor.login'),
      }),
      annotations: present({
        description: textAt(run, 'head_commit.message', 'display_title'),
        conclusion: completed ? conclusion : run.status,
        commit: run.head_sha,
        run: run.run_number,
      }),
      link: run.html_url,
    },
    receivedAt,
  )
}

const note = (kind: 'note' | 'ping', title: string, body: Fields, { receivedAt }: Circumstances): Event =>
  composeEvent(
    {
      kind,
      dedupKey: identity('webhook', firstText(body, 'hook_id') ?? textAt(body, 'repository.full_name')),
      severity: null,
      title,
      service: textAt(body, 'repository.full_name'),
    },
    receivedAt,
  )
