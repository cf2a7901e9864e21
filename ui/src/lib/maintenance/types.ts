import type { AlertLine, Named, Ref } from '#lib/api/types.ts'
import { alertWords } from '#lib/condition/alert-fields.ts'
import { m } from '#lib/paraglide/messages.js'
import { labelText } from '#lib/text/label.ts'

export interface Matcher {
  name: string
  value: string
  is_regex: boolean
  /** false: what does not match is covered. */
  is_equal: boolean
}

export interface Span {
  starts_at: string
  ends_at: string
}

/** A maintenance window or silence, as the API tells of it. */
export interface Maintenance {
  id: string
  kind: 'window' | 'silence'
  state: 'active' | 'planned' | 'past'
  reason: string
  author: Ref | null
  author_name: string | null
  covers: {
    services: (Named & { key: string })[]
    cis: Ref[]
    matchers: Matcher[]
    condition: string | null
    integration: Ref | null
  }
  starts_at: string
  /** Of its first span. */
  ends_at: string
  zone: string
  rrule: string | null
  until: string
  span: Span | null
  change: string | null
  cancelled_at: string | null
  cancelled_by: Ref | null
  alerts: number
  suppressed: number
  revision: number
  may_end: boolean
}

export interface MaintenancePreview {
  events: number
  alerts: number
  tickets: number
  pages: number
  capped: boolean
  items: {
    id: string
    title: string
    severity: AlertLine['severity']
    integration: Ref
    events: number
    last_at: string
    ticket: { number: string; title: string } | null
  }[]
}

/** A matcher as Alertmanager writes it. */
export const matcherWords = ({ name, value, is_regex, is_equal }: Matcher): string =>
  `${name}${is_equal ? '=' : '!'}${is_regex ? '~' : is_equal ? '' : '='}"${value}"`

/** What it covers, a word or two each. */
export const coverWords = ({ covers }: Pick<Maintenance, 'covers'>): string[] => [
  ...covers.services.map(({ name }) => labelText(name)),
  ...covers.cis.map(({ name }) => name),
  ...covers.matchers.map(matcherWords),
  ...(covers.condition ? [alertWords(covers.condition)] : []),
  ...(covers.integration ? [m.quiet_of_source({ name: covers.integration.name })] : []),
]
