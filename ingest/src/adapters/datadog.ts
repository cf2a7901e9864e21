import { composeEvent, type Event, type Read } from '@tocsin/desk'
import { type Circumstances, defineAdapter, type Fields, firstText, WrongBody } from './adapter.ts'
import { asFields, identity, present } from './fields.ts'
import { templateFields } from './template.ts'

// Names that only a body of Datadog has: its default, and templates that call things as Datadog does.
const ITS_OWN =
  /^\$?(last_updated|alert_(title|transition|cycle_key|status|metric|scope)|aggreg_key|text_only_msg)$/i

const UNEXPANDED = /^\$[A-Z_]+$/
const NEVER = /(?!)/

/** Datadog's webhook: JSON or a form out of a template that everybody writes anew. Its own default names no alert. */
export const datadog = defineAdapter({
  expects:
    'a webhook of Datadog: its default body, or a template with $ALERT_ID, $ALERT_TRANSITION and their like',
  readOne: (body, circumstances) => {
    // Read once as sent, once without what Datadog did not fill in.
    const all = templateFields(NEVER, body)
    if (!Object.keys(body).some((name) => ITS_OWN.test(name)))
      throw new WrongBody('None of Datadog’s fields is in it.')
    return readMonitor(all, templateFields(UNEXPANDED, body), circumstances)
  },
})

const PREFIX =
  /^\[(?:(re-?triggered|triggered|re-?warn|warn|re-?no data|no data|renotify|recovered|resolved|ok)(?: on \{([^}]*)\})?)\]\s*/i

/** `[P2] [Triggered on {host:a}] Load is high` → transition, scope and the monitor's own name. */
function readTitle(title: string): {
  test: boolean
  priority?: string
  transition?: string
  scope?: string
  name: string
} {
  const test = /^\[TEST\]\s*/i.test(title)
  const bare = title.replace(/^\[TEST\]\s*/i, '')
  const [whole = '', priority] = /^\[(P[1-5])\]\s*/.exec(bare) ?? []
  const rest = bare.slice(whole.length)
  const [prefix = '', transition, scope] = PREFIX.exec(rest) ?? []
  return { test, priority, transition, scope, name: rest.slice(prefix.length) }
}

const PRIORITIES: Record<string, Read['severityAs']> = {
  P1: 'critical',
  P2: 'error',
  P3: 'warning',
  P4: 'info',
  P5: 'info',
}

/** Without a priority of its own, the title's or the transition tells how bad it is. */
function severityBy(
  priority: string | undefined,
  transition: string,
  type: string | null,
): Read['severityAs'] {
  if (priority) return PRIORITIES[priority]
  if (/warn/i.test(transition)) return 'warning'
  if (/trigger|renotify/i.test(transition) || type === 'error') return 'error'
  return type === 'info' || type === 'success' ? 'info' : undefined
}

function readMonitor(all: Fields, said: Fields, { receivedAt }: Circumstances): Event {
  const title =
    firstText(said, 'alerttitle', 'title', 'eventtitle') ??
    firstText(all, 'alerttitle', 'title', 'eventtitle')
  const parts = readTitle(title ?? '')
  const transition = firstText(said, 'alerttransition', 'transition') ?? parts.transition ?? ''
  const over = /^(recovered|resolved|ok)|recovered$/i.test(transition)
  const kind: Event['kind'] = parts.test ? 'test' : over ? 'resolve' : 'trigger'
  const scope = firstText(said, 'alertscope', 'scope', 'scopes')
  const monitor = firstText(said, 'alertid', 'monitorid')
  const sent = firstText(said, 'alertpriority', 'priority', 'severity')
  // `priority` alone is the event's, normal or low, which is none of the alert's.
  const severity = sent && !/^(normal|low)$/i.test(sent) ? sent : null
  const tags = Object.fromEntries([...tagsOf(said.tags), ...tagsOf(scope)])
  const at = firstText(said, 'dateposix', 'date', 'lastupdatedposix', 'lastupdated')
  return composeEvent(
    {
      kind,
      dedupKey: keyOf(said, monitor, scope, parts),
      severity,
      severityAs: severity ? undefined : severityBy(parts.priority, transition, firstText(said, 'alerttype')),
      title,
      resource: scope,
      service: firstText(tags, 'service'),
      host: firstText(said, 'hostname', 'host') ?? firstText(tags, 'host'),
      startsAt: kind === 'resolve' ? null : at,
      endsAt: kind === 'resolve' ? at : null,
      labels: present({ ...tags, monitor, metric: said.alertmetric, organisation: orgOf(said) }),
      annotations: present({
        description: firstText(said, 'textonlymsg', 'eventmsg', 'body', 'alertstatus')
          ?.replaceAll('%%%', '')
          .trim(),
        query: said.alertquery,
        transition,
      }),
      link: said.link ?? said.url,
    },
    receivedAt,
  )
}

function keyOf(
  said: Fields,
  monitor: string | null,
  scope: string | null,
  title: { scope?: string; name: string },
) {
  const cycle = firstText(said, 'alertcyclekey', 'cyclekey')
  if (cycle) return identity('cycle', cycle)
  if (monitor) return identity('monitor', monitor, scope)
  return identity('title', scope ?? title.scope ?? null, title.name)
}

function tagsOf(tags: unknown): [string, string][] {
  const list = Array.isArray(tags) ? tags.map(String) : typeof tags === 'string' ? tags.split(',') : []
  return list.flatMap((tag) => {
    const [name = '', ...value] = tag.trim().split(':')
    return name === '' || value.length === 0 ? [] : [[name, value.join(':')] as [string, string]]
  })
}

const orgOf = (said: Fields) => firstText(said, 'orgname') ?? firstText(asFields(said.org), 'name')
