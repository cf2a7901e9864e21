import { sql } from 'kysely'
import { DeskError, type FieldError, type Tx } from '../activity/index.ts'
import type { PolicyTerms } from './policies.ts'

type Table =
  | 'calendar'
  | 'service'
  | 'team'
  | 'person'
  | 'people_group'
  | 'category'
  | 'organisation'
  | 'escalation_policy'

interface Named {
  path: string
  table: Table
  id: string
}

const WORDS: Record<Table, string> = {
  calendar: 'calendar in use',
  service: 'service',
  team: 'team in use',
  person: 'person in use',
  people_group: 'group in use',
  category: 'category in use',
  organisation: 'organisation in use',
  escalation_policy: 'escalation policy in use',
}

type Referring = Pick<PolicyTerms, 'calendarId' | 'targets'> &
  Partial<Pick<PolicyTerms, 'serviceIds' | 'conditions' | 'olas' | 'escalations'>>

/** What a policy names must be there and in use; a service may be archived, its tickets are still its. */
export async function demandReferences(tx: Tx, terms: Referring): Promise<void> {
  const named = namedIn(terms)
  const known = new Set<string>()
  for (const table of new Set(named.map((one) => one.table))) {
    const ids = named.filter((one) => one.table === table).map((one) => one.id)
    const inUse = table === 'service' ? sql`true` : sql`archived_at is null`
    const { rows } = await sql<{ id: string }>`
      select id from ${sql.table(table)} where id = any(${ids}::uuid[]) and ${inUse}`.execute(tx.db)
    for (const { id } of rows) known.add(`${table}:${id}`)
  }
  const errors: FieldError[] = named
    .filter(({ table, id }) => !known.has(`${table}:${id}`))
    .map(({ path, table }) => ({ path, message: `There is no such ${WORDS[table]}.` }))
    .filter(({ path }, position, all) => all.findIndex((one) => one.path === path) === position)
  if (errors.length > 0) throw new DeskError('invalid', 'The policy names what does not exist.', { errors })
}

function namedIn(terms: Referring): Named[] {
  const { calendarId, serviceIds, targets, conditions = {}, olas = [], escalations = [] } = terms
  const all = (table: Table, path: string, ids: (string | null | undefined)[] = []): Named[] =>
    ids.flatMap((id) => (id ? [{ path, table, id }] : []))
  return [
    ...all('calendar', 'calendar_id', [calendarId]),
    ...Object.entries(targets).flatMap(([priority, target]) =>
      all('calendar', `targets.${priority}.calendar_id`, [target.calendar_id]),
    ),
    ...all('service', 'service_ids', serviceIds),
    ...all('people_group', 'conditions.group_ids', conditions.group_ids),
    ...all('category', 'conditions.category_ids', conditions.category_ids),
    ...all('organisation', 'conditions.organisation_ids', conditions.organisation_ids),
    ...olas.flatMap((one, position) => [
      ...all('team', `olas.${position}.team_id`, [one.team_id]),
      ...all('calendar', `olas.${position}.calendar_id`, [one.calendar_id]),
    ]),
    ...escalations.flatMap((one, position) => [
      ...all('escalation_policy', `escalations.${position}.escalation_policy_id`, [one.escalation_policy_id]),
      ...all('person', `escalations.${position}.person_ids`, one.person_ids),
      ...all('team', `escalations.${position}.team_ids`, one.team_ids),
    ]),
  ]
}
