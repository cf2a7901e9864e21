/** The words before a colon that filter tickets, those of the API; anything else typed is searched for. */
export const facetNames = [
  'kind',
  'state',
  'status',
  'priority',
  'team',
  'service',
  'category',
  'field',
  'tag',
  'major',
  'assignee',
  'requester',
  'channel',
  'sla',
  'age',
  'created',
  'updated',
] as const
export type FacetName = (typeof facetNames)[number]

/** Facets that a ticket can have one value of at a time in a filter. */
export const singleFacets: ReadonlySet<FacetName> = new Set(['sla'])

export type Facets = Partial<Record<FacetName, string[]>>

/** A filter as data: values by facet (several are alternatives), and the words and phrases to search for. */
export interface Filter {
  facets: Facets
  /** Behind a minus: what a ticket must not be. */
  without?: Facets
  words: string
}

/** As many characters as the desk searches for. */
export const MOST_WORDS = 300

const isFacet = (name: string): name is FacetName => (facetNames as readonly string[]).includes(name)

// A facet with values, each bare or in quotes; a phrase, whatever stands in it; or else any run of characters.
const one = String.raw`(?:"(?:[^"\\]|\\.)*"|[^\s,"]+)`
const token = new RegExp(
  String.raw`(-?)(field\.[a-z][a-z0-9_]*|[a-z]+):(${one}(?:,${one})*)(?=\s|$)|-?"[^"]*"|\S+`,
  'gi',
)

/** Reads what people type: `priority:P1,P2 -team:"Service desk" disk full`. Never fails. */
export function parseFilter(text: string): Filter {
  const facets: Facets = {}
  const without: Facets = {}
  const words: string[] = []
  for (const [whole, minus, name, value] of text.matchAll(token)) {
    const [facet = '', key] = name?.toLowerCase().split('.') ?? []
    const values = isFacet(facet) ? answered(key, splitValues(value ?? '')) : []
    if (isFacet(facet) && values.length > 0) add(minus ? without : facets, facet, values)
    else words.push(whole)
  }
  return { facets, words: words.join(' '), ...(Object.keys(without).length > 0 && { without }) }
}

/** `field.cost:>9` asks the same as `field:cost>9`. */
const answered = (key: string | undefined, values: string[]): string[] =>
  key ? values.map((value) => (/^[<>]/.test(value) ? `${key}${value}` : `${key}:${value}`)) : values

function add(to: Facets, facet: FacetName, values: readonly string[]): void {
  to[facet] = [...new Set([...(to[facet] ?? []), ...values])]
}

function splitValues(value: string): string[] {
  const parts = value.match(/"(?:[^"\\]|\\.)*"|[^,"]+/g) ?? []
  return parts.map((part) => (part.startsWith('"') ? unquote(part) : part)).filter((part) => part !== '')
}

const unquote = (part: string) => part.slice(1, -1).replace(/\\(.)/g, '$1')

const quote = (value: string) =>
  /^[^\s,"\\]+$/.test(value) ? value : `"${value.replace(/["\\]/g, (char) => `\\${char}`)}"`

/** Writes a filter as it would be typed; reading it again gives the same filter. */
export const printFilter = ({ facets, without, words }: Filter): string =>
  [...printed(facets, ''), ...printed(without ?? {}, '-'), words.trim()].filter(Boolean).join(' ')

/** What it must not have, and the words: the desk reads these for itself. */
export const printSearch = ({ without, words }: Filter): string => printFilter({ facets: {}, without, words })

const printed = (facets: Facets, sign: '' | '-'): string[] =>
  facetNames.flatMap((name) => {
    const values = facets[name]
    return values && values.length > 0 ? [`${sign}${name}:${values.map(quote).join(',')}`] : []
  })

/** Two filters as one: of a facet that has one value, the other's stands. */
export function joined(filter: Filter, more: Filter): Filter {
  const facets = { ...filter.facets }
  const without = { ...filter.without }
  for (const name of facetNames) {
    const values = more.facets[name]
    if (values && singleFacets.has(name)) facets[name] = values.slice(-1)
    else if (values) add(facets, name, values)
    if (more.without?.[name]) add(without, name, more.without[name])
  }
  return { facets, without, words: more.words }
}

/** The filter with one value switched on or off; `not`: among those that a ticket must not have. */
export function toggled(filter: Filter, name: FacetName, value: string, not = false): Filter {
  const side = not ? 'without' : 'facets'
  const values = filter[side]?.[name] ?? []
  const others = !not && singleFacets.has(name) ? [] : values
  const next = values.includes(value) ? values.filter((other) => other !== value) : [...others, value]
  return { ...filter, [side]: { ...filter[side], [name]: next.length > 0 ? next : undefined } }
}
