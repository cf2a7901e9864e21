import { composeEvent, type Event } from '@tocsin/desk'
import { type Circumstances, defineAdapter, type Fields, firstText, within, WrongBody } from './adapter.ts'
import { identity, present } from './fields.ts'

/** Splunk's webhook action: the first row that a search found. It never says that it is over. */
export const splunk = defineAdapter({
  expects: 'the body of Splunk’s webhook alert action: “sid”, “search_name”, “app” and “result”',
  readOne: (body, circumstances) => {
    if (!('sid' in body) || !('result' in body || 'results_link' in body || 'search_name' in body))
      throw new WrongBody('There is no “sid” of a search in it.')
    return readSearch(body, within(body, 'result'), circumstances)
  },
})

function readSearch(body: Fields, row: Fields, { receivedAt }: Circumstances): Event {
  const search = firstText(body, 'search_name')
  const app = firstText(body, 'app')
  // The run's id is new every time. A search that was never saved is known by what it found.
  const found = Object.entries(row)
    .filter(([name]) => !name.startsWith('_'))
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
  const dedupKey = search
    ? identity(app, search)
    : identity(app, firstText(body, 'owner'), JSON.stringify(found))
  return composeEvent(
    {
      kind: 'trigger',
      dedupKey,
      severity: firstText(row, 'severity', 'urgency'),
      title: search,
      service: firstText(row, 'service'),
      host: firstText(row, 'host'),
      startsAt: row._time,
      labels: present({
        ...Object.fromEntries(
          found.filter(([name]) => !/^(date_|timestartpos|timeendpos|punct|linecount)/.test(name)),
        ),
        alertname: search,
        app,
        owner: body.owner,
      }),
      annotations: present({ description: row._raw }),
      link: body.results_link,
    },
    receivedAt,
  )
}
