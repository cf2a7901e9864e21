import { addDays, dateIn } from '#lib/time/zone.ts'

export const presets = ['7', '30', '90', '365', '730'] as const
export const narrowing = ['team', 'service', 'priority', 'kind'] as const

/** What the page asks of every figure; the address is its state. */
export interface Question {
  preset: string
  from: string
  to: string
  team: string
  service: string
  priority: string
  kind: string
  compare: boolean
}

export function readQuestion(search: URLSearchParams): Question {
  const given = (name: string) => search.get(name) ?? ''
  const custom = given('from') !== ''
  return {
    preset: custom ? 'custom' : (presets.find((one) => one === search.get('days')) ?? '30'),
    from: given('from'),
    to: given('to'),
    team: given('team'),
    service: given('service'),
    priority: given('priority'),
    kind: given('kind'),
    compare: search.get('compare') !== 'no',
  }
}

/** The address of a question; what is as usual is left out. */
export function hrefOf({ preset, from, to, compare, ...narrow }: Question): string {
  const search = new URLSearchParams()
  if (preset === 'custom') {
    if (from) search.set('from', from)
    if (to) search.set('to', to)
  } else if (preset !== '30') search.set('days', preset)
  for (const name of narrowing) if (narrow[name]) search.set(name, narrow[name])
  if (!compare) search.set('compare', 'no')
  return `?${search}`
}

/** The query that the API takes, days being those of the reporting zone; and the step that fits the period. */
export function queryOf(
  question: Question,
  zone: string,
  now: number,
): { query: Record<string, string>; step: string } {
  const today = dateIn(now, zone)
  const custom = question.preset === 'custom'
  const from = custom ? question.from : addDays(today, 1 - Number(question.preset))
  const days = (Date.parse(custom && question.to ? question.to : today) - Date.parse(from)) / 86_400_000 + 1
  const query: Record<string, string> = { from }
  if (custom && question.to) query.to = addDays(question.to, 1)
  for (const name of narrowing) if (question[name]) query[name] = question[name]
  return { query, step: days <= 31 ? 'day' : days <= 190 ? 'week' : 'month' }
}
