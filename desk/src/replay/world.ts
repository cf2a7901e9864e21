import { Temporal } from 'temporal-polyfill'
import { termsOf } from '../alert/index.ts'
import {
  type Context,
  type KnownCi,
  type KnownService,
  type Rules,
  type SubjectOf,
  subjectsAmong,
  textAttributes,
} from '../correlation/index.ts'
import type { Window } from '../maintenance/index.ts'

type Row = Record<string, unknown>

/** One change of the configuration. */
export interface Configured {
  source: string
  before: Row | null
  after: Row | null
}

const KEYS: Record<string, string[]> = {
  service_dependency: ['service_id', 'depends_on_id'],
  ci_dependency: ['ci_id', 'depends_on_id'],
  severity_mapping: ['severity'],
  ruleset: ['version'],
  setting: ['key'],
  maintenance_span: ['maintenance_id', 'starts_at'],
  role_grant: ['person_id', 'role', 'team_id'],
}
const keyOf = (source: string, row: Row) =>
  // An instant is written in the zone of whoever changed it.
  (KEYS[source] ?? ['id'])
    .map((column) => (column === 'starts_at' ? Date.parse(String(row[column])) : String(row[column])))
    .join(' ')

const QUARTER_MS = 900_000
const DEPTH = 5

interface Span {
  id: string
  startsAt: number
  endsAt: number
}

/** The configuration as it stood at one place of the order; goes on with `apply`. */
export class World {
  readonly #tables = new Map<string, Map<string, Row>>()
  // What is derived from rows, until one of them changes.
  readonly #derived = new Map<string, unknown>()

  apply({ source, before, after }: Configured): void {
    const table = this.rows(source)
    if (before) table.delete(keyOf(source, before))
    if (after) table.set(keyOf(source, after), after)
    if (this.#derived.size > 0) this.#derived.clear()
  }

  rows(source: string): Map<string, Row> {
    const known = this.#tables.get(source)
    if (known) return known
    const made = new Map<string, Row>()
    this.#tables.set(source, made)
    return made
  }

  #once<T>(name: string, derive: () => T): T {
    if (!this.#derived.has(name)) this.#derived.set(name, derive())
    return this.#derived.get(name) as T
  }

  /** The version of the rules in force. */
  get ruleset(): number {
    return this.#once('ruleset', () =>
      Math.max(1, ...[...this.rows('ruleset').values()].map(({ version }) => Number(version))),
    )
  }

  setting<T>(key: string, otherwise: T): T {
    const row = this.rows('setting').get(key)
    return row ? (row.value as T) : otherwise
  }

  service = (id: string | null): Row | undefined => (id === null ? undefined : this.rows('service').get(id))

  /** As `readContext` reads it. */
  contextOf(integrationId: string, now: number, rules: Rules): Context {
    const still = this.#once(`context ${integrationId}`, () => {
      const row = this.rows('integration').get(integrationId) ?? { settings: {}, name: '', system: 'events' }
      const service = this.service((row.service_id as string | null) ?? null)
      const settings = row.settings as { patience?: unknown } | null
      const system = String(row.system)
      return {
        integrationId,
        integration: String(row.name),
        system,
        teamId: (row.team_id as string | null) ?? null,
        serviceId: (row.service_id as string | null) ?? null,
        serviceTeamId: (service?.team_id as string | null) ?? null,
        escalationPolicyId: (row.escalation_policy_id as string | null) ?? null,
        // What would have paged in shadow counts as pages; whom the end of a window wakes, this decides.
        shadow: (row.shadow_since ?? null) !== null,
        severities: Object.fromEntries(
          this.rows('severity_mapping').entries(),
        ) as unknown as Context['severities'],
        holdMs: Number(this.setting('recovery_hold_ms', 15_000)),
        terms: termsOf(settings?.patience, system),
        lookups: [],
        seen: '',
      }
    })
    return { ...still, rules, wall: this.#wallAt(now), windows: this.#windowsAt(now) }
  }

  /** The date in the zone in which days of all figures begin. */
  dateOf = (at: number): string =>
    this.#once(`date ${Math.floor(at / QUARTER_MS)}`, () =>
      Temporal.Instant.fromEpochMilliseconds(at)
        .toZonedDateTimeISO(String(this.setting('reporting_zone', 'UTC')))
        .toPlainDate()
        .toString(),
    )

  #wallAt(now: number): Context['wall'] {
    return this.#once(`wall ${Math.floor(now / QUARTER_MS)}`, () => {
      const zone = String(this.setting('reporting_zone', 'UTC'))
      const { hour, dayOfWeek } = Temporal.Instant.fromEpochMilliseconds(now).toZonedDateTimeISO(zone)
      return { hour, weekday: dayOfWeek }
    })
  }

  #windowsAt(now: number): Window[] {
    const spans = this.#once('spans', () =>
      [...this.rows('maintenance_span').values()].map((row): Span => ({
        id: String(row.maintenance_id),
        startsAt: Date.parse(String(row.starts_at)),
        endsAt: Date.parse(String(row.ends_at)),
      })),
    )
    if (spans.length === 0) return NONE
    return spans
      .filter(({ startsAt, endsAt }) => startsAt <= now && now < endsAt)
      .flatMap(({ id, endsAt }) => {
        const row = this.rows('maintenance').get(id)
        return row && row.cancelled_at === null ? [{ ...row, until: endsAt } as unknown as Window] : []
      })
      .toSorted((a, b) => b.until - a.until || (a.id < b.id ? -1 : 1))
  }

  subjectOf(serviceId: string | null): SubjectOf {
    return this.#once(`subjects ${serviceId}`, () => {
      const known = this.#once('known', () => {
        const services = [...this.rows('service').values()]
          .filter(({ archived_at }) => archived_at === null)
          .map((row) => ({ id: row.id, key: row.key, teamId: row.team_id }) as KnownService)
        const cis = [...this.rows('configuration_item').values()]
          .filter(({ archived_at }) => archived_at === null)
          .map(({ id, name, kind, attributes, service_id }) => ({
            ...({ id, name, kind, serviceId: service_id } as KnownCi),
            attributes: textAttributes({ attributes: attributes as Record<string, unknown> }),
          }))
        return {
          byKey: new Map(services.map((one) => [one.key, one])),
          byId: new Map(services.map((one) => [one.id, one])),
          byName: new Map(cis.map((one) => [one.name, one])),
        }
      })
      return subjectsAmong(known, serviceId)
    })
  }

  /** What a node depends on, nearest first, each with the path that leads there. */
  pathsUp(root: string): { node: string; path: string[] }[] {
    return this.#once(`up ${root}`, () => {
      const edges = this.#once('edges', () => this.#edges())
      const found = new Map([[root, [root]]])
      let reached = [root]
      for (let depth = 0; depth < DEPTH && reached.length > 0; depth++) {
        const next: string[] = []
        for (const node of reached)
          for (const on of edges.get(node) ?? [])
            if (!found.has(on)) {
              found.set(on, [...found.get(node)!, on])
              next.push(on)
            }
        reached = next
      }
      return [...found]
        .map(([node, path]) => ({ node, path }))
        .filter(({ path }) => path.length > 1)
        .toSorted((a, b) => a.path.length - b.path.length || (a.node < b.node ? -1 : 1))
    })
  }

  #edges(): Map<string, string[]> {
    const edges = new Map<string, string[]>()
    const add = (node: unknown, on: unknown) => {
      const known = edges.get(node as string)
      if (known) known.push(on as string)
      else edges.set(node as string, [on as string])
    }
    for (const { ci_id, depends_on_id } of this.rows('ci_dependency').values()) add(ci_id, depends_on_id)
    for (const row of this.rows('service_dependency').values()) add(row.service_id, row.depends_on_id)
    for (const { id, service_id, archived_at } of this.rows('configuration_item').values())
      if (service_id !== null && archived_at === null) add(service_id, id)
    return edges
  }

  isHere(personId: string): boolean {
    const person = this.rows('person').get(personId)
    return person !== undefined && person.archived_at === null
  }

  zoneOf = (personId: string): string => (this.rows('person').get(personId)?.zone ?? 'UTC') as string

  /** A team's people on call, else its managers. */
  membersOf(teamId: string): string[] {
    const grants = [...this.rows('role_grant').values()].filter(
      ({ team_id, person_id }) => team_id === teamId && this.isHere(String(person_id)),
    )
    const of = (role: string) =>
      grants.filter((grant) => grant.role === role).map(({ person_id }) => String(person_id))
    const onCall = of('on_call')
    return (onCall.length > 0 ? onCall : of('manager')).toSorted()
  }

  isPolicyInUse(id: string): boolean {
    const policy = this.rows('escalation_policy').get(id)
    return policy !== undefined && policy.archived_at === null
  }
}

const NONE: Window[] = []
