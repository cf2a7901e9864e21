/** The words before a colon that filter tickets; anything else typed is searched for. */
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
  'sla',
  'age',
  'created',
  'updated',
] as const
export type FacetName = (typeof facetNames)[number]

/** Facets that a ticket can have one value of at a time in a filter. */
export const singleFacets: ReadonlySet<FacetName> = new Set(['team', 'service', 'assignee', 'sla'])

/** A filter as data: values by facet (several are alternatives), and the words to search for. */
export interface Filter {
  facets: Partial<Record<FacetName, string[]>>
  words: string
}

const isFacet = (name: string): name is FacetName => (facetNames as readonly string[]).includes(name)

// A facet with values, each bare or in quotes, or else any run of characters.
const one = String.raw`(?:"(?:[^"\\]|\\.)*"|[^\s,"]+)`
const token = new RegExp(String.raw`([a-z]+):(${one}(?:,${one})*)(?=\s|$)|\S+`, 'gi')

/** Reads what people type: `priority:P1,P2 team:"Service desk" disk full`. Never fails. */
export function parseFilter(text: string): Filter {
  const facets: Filter['facets'] = {}
  const words: string[] = []
  for (const [whole, name, value] of text.matchAll(token)) {
    const facet = name?.toLowerCase() ?? ''
    const values = isFacet(facet) ? splitValues(value ?? '') : []
    if (isFacet(facet) && values.length > 0) {
      facets[facet] = [...new Set([...(facets[facet] ?? []), ...values])]
    } else {
      words.push(whole)
    }
  }
  return { facets, words: words.join(' ') }
}

function splitValues(value: string): string[] {
  const parts = value.match(/"(?:[^"\\]|\\.)*"|[^,"]+/g) ?? []
  return parts.map((part) => (part.startsWith('"') ? unquote(part) : part)).filter((part) => part !== '')
}

const unquote = (part: string) => part.slice(1, -1).replace(/\\(.)/g, '$1')

const quote = (value: string) =>
  /^[^\s,"\\]+$/.test(value) ? value : `"${value.replace(/["\\]/g, (char) => `\\${char}`)}"`

/** Writes a filter as it would be typed; reading it again gives the same filter. */
export function printFilter({ facets, words }: Filter): string {
  const typed = facetNames.flatMap((name) => {
    const values = facets[name]
    return values && values.length > 0 ? [`${name}:${values.map(quote).join(',')}`] : []
  })
  return [...typed, words.trim()].filter(Boolean).join(' ')
}

/** The filter with one value switched on or off. */
export function toggled(filter: Filter, name: FacetName, value: string): Filter {
  const values = filter.facets[name] ?? []
  const others = singleFacets.has(name) ? [] : values
  const next = values.includes(value) ? values.filter((one) => one !== value) : [...others, value]
  return { ...filter, facets: { ...filter.facets, [name]: next.length > 0 ? next : undefined } }
}
