import { composeEvent, type Event, type Read } from '@tocsin/desk'
import {
  type Circumstances,
  defineAdapter,
  type Fields,
  firstText,
  isFields,
  within,
  WrongBody,
} from './adapter.ts'
import { identity, present, textAt, wordIn } from './fields.ts'

const RESULTS: Record<string, Pick<Read, 'kind' | 'severityAs'>> = {
  FAILURE: { kind: 'trigger', severityAs: 'error' },
  UNSTABLE: { kind: 'trigger', severityAs: 'warning' },
  SUCCESS: { kind: 'resolve' },
}
const NOTED = { kind: 'note' } as const

/**
 * Jenkins’ Notification plugin. A build sends up to four bodies; its last, FINALIZED, is the one that counts. The
 * alert is the job: the next good build resolves it.
 */
export const jenkins = defineAdapter({
  expects: 'a body of Jenkins’ Notification plugin: a job with its “build”, which has a “phase”',
  readOne: (body, circumstances) => {
    const build = within(body, 'build')
    if (!isFields(body.build) || !firstText(build, 'phase', 'full_url'))
      throw new WrongBody('There is no “build” with a “phase” in it.')
    return readBuild(body, build, circumstances)
  },
})

function readBuild(job: Fields, build: Fields, { receivedAt }: Circumstances): Event {
  const phase = firstText(build, 'phase')?.toUpperCase()
  const status = firstText(build, 'status')?.toUpperCase() ?? ''
  const outcome = phase === 'FINALIZED' ? (wordIn(RESULTS, status) ?? NOTED) : NOTED
  const failed = textAt(build, 'test_summary.failed')
  return composeEvent(
    {
      ...outcome,
      dedupKey: firstText(job, 'url', 'name') ?? identity(textAt(build, 'full_url')),
      severity: null,
      title: firstText(job, 'name', 'display_name', 'url'),
      resource: firstText(build, 'full_url', 'url'),
      startsAt: outcome.kind === 'trigger' ? build.timestamp : null,
      endsAt: outcome.kind === 'resolve' ? build.timestamp : null,
      labels: present({
        job: job.name,
        branch: textAt(build, 'scm.branch'),
        repository: textAt(build, 'scm.url'),
      }),
      annotations: present({
        description: failed && failed !== '0' ? `${failed} tests failed` : firstText(build, 'notes', 'log'),
        status: firstText(build, 'status') ?? phase,
        build: firstText(build, 'display_name', 'number'),
        commit: textAt(build, 'scm.commit'),
      }),
      link: build.full_url,
    },
    receivedAt,
  )
}
