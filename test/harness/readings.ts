import type { TestApi } from './api.ts'

/** What lists are asked beside being read from their beginning. */
const ASKED: Record<string, string[]> = {
  '/alerts': [
    'q=node',
    'q=zzz',
    'held=any',
    'status=firing',
    'severity=critical&status=resolved',
    'flapping=true',
  ],
  '/approvals': ['state=all'],
  '/audit': [
    'only=configuration',
    'only=configuration&verb=publish',
    'verb=merge',
    'verb=sign-in',
    'subject_kind=sla_policy',
    'verb=edit&subject_kind=tally',
  ],
  '/automation-rules/firings': ['state=cut', 'state=waiting', 'state=done', 'ticket=INC-1'],
  '/changes': [
    'from=2026-11-01T00:00:00Z&to=2027-02-01T00:00:00Z',
    'from=2026-01-01T00:00:00Z&to=2026-04-01T00:00:00Z',
  ],
  '/changes/calendar.ics': ['from=2026-11-01T00:00:00Z&to=2027-02-01T00:00:00Z'],
  '/configuration-items': ['q=site4', 'q=zzz', 'q=n'],
  '/known-errors': ['q=leak', 'closed=true'],
  '/maintenance': ['state=past', 'state=planned', 'state=active'],
  '/pages': ['mine=all', 'mine=open', 'state=open', 'state=acknowledged', 'ticket=INC-1'],
  '/people': ['q=ros', 'q=a', 'q=zzz', 'q=caller49', 'role=any', 'role=agent'],
  '/proposals': ['state=accepted', 'state=lapsed'],
  '/reminders': ['state=waiting'],
  '/review-actions': ['state=overdue', 'state=done', 'owner=me'],
  '/reviews': ['state=finished'],
  '/similar-tickets': [
    'title=The%20laptop%20does%20not%20start',
    'title=vpn%20disconnects%20printer%20server',
  ],
  '/tags': ['q=b'],
  '/tickets': [
    'state=open&sort=created',
    'kind=change&sort=priority',
    'category=none&sort=priority',
    'service=none&sort=-updated',
    'age=%3C1h&sort=due',
    'q=-status:none&sort=priority',
  ],
  '/tickets/count': [
    'state=open&category=none',
    'q=laptop',
    'state=closed&priority=P5',
    'tag=audit',
    'field=cost%3E100,note~red',
  ],
  '/time-entries': ['person=me', 'from=2026-11-01T00:00:00Z', 'to=2025-03-01T00:00:00Z'],
}
// Streams and files have no end or no JSON; figures come from another process.
const APART = /^\/(stream|kpis|openapi|docs)|\.csv$|\/(content|file)$/

/**
 * Every GET that the API describes, with the first thing of the list before it in the place of an id, and with what its
 * list is asked. `none`: those for which there is no such thing.
 */
export async function readings(api: TestApi, key: string): Promise<{ paths: string[]; none: string[] }> {
  const json = async <T>(path: string): Promise<T> =>
    (await (await api.call(key, 'GET', `/api/v1${path}`)).json()) as T
  const fill = async (path: string): Promise<string | undefined> => {
    let filled = ''
    for (const part of path.split('/').slice(1)) {
      const name = /^\{(.*)\}$/.exec(part)?.[1]
      // oxlint-disable-next-line no-await-in-loop -- each stands beneath the one before
      const value = name === undefined ? part : await firstOf(filled, name)
      if (value === undefined) return undefined
      filled += `/${value}`
    }
    return filled
  }
  const lists = new Map<string, Promise<{ items?: Record<string, string>[] }>>()
  const firstOf = async (list: string, name: string): Promise<string | undefined> => {
    const read = lists.get(list) ?? json<{ items?: Record<string, string>[] }>(list)
    lists.set(list, read)
    const first = (await read).items?.[0]
    return first?.[name] ?? first?.id ?? first?.key ?? first?.number
  }
  const paths: string[] = []
  const none: string[] = []
  const described = await json<{ paths: Record<string, { get?: object }> }>('/openapi.json')
  for (const [path, { get }] of Object.entries(described.paths)) {
    const own = path.replace('/api/v1', '')
    if (!get || APART.test(own)) continue
    // oxlint-disable-next-line no-await-in-loop -- over one connection
    const filled = await fill(own)
    if (filled === undefined) none.push(own)
    else paths.push(filled, ...(ASKED[own] ?? []).map((query) => `${filled}?${query}`))
  }
  return { paths, none }
}
