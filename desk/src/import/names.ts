import { type RawBuilder, sql } from 'kysely'
import { record, type Tx } from '../activity/index.ts'
import type { Mapping } from './mapping.ts'
import type { ToldTicket } from './tell.ts'

export type NameKind = 'person' | 'team' | 'service' | 'item' | 'category'
/** What the names of a batch mean, by kind and name. */
export type Names = Record<NameKind, Map<string, string>>

/** The id of what a name means; null where that is nothing here. */
export type Meaning = (kind: NameKind, name: string | null) => string | null

export const noNames = (): Names => ({
  person: new Map(),
  team: new Map(),
  service: new Map(),
  item: new Map(),
  category: new Map(),
})

const emailOf = (value: RawBuilder<unknown>) =>
  sql`lower(substring(${value} from '[^[:space:]<>",;]+@[^[:space:]<>",;]+'))`

/** Which names the tickets use. */
export function namesIn(tickets: ToldTicket[]): Record<NameKind, Set<string>> {
  const used: Record<NameKind, Set<string>> = {
    person: new Set(),
    team: new Set(),
    service: new Set(),
    item: new Set(),
    category: new Set(),
  }
  const add = (kind: NameKind, name: string | null) => name && used[kind].add(name)
  for (const { requester, reporter, comments, steps } of tickets) {
    add('person', requester)
    add('person', reporter)
    for (const { author } of comments) add('person', author)
    for (const { facets } of steps) {
      add('person', facets.assignee)
      add('team', facets.team)
      add('service', facets.service)
      add('item', facets.item)
      add('category', facets.category)
    }
  }
  return used
}

/** “Anna Rossi <anna@x.org>” and “Anna Rossi anna@x.org” without the address, where anything is left. */
const nameIn = (value: RawBuilder<unknown>) => sql`coalesce(nullif(btrim(regexp_replace(
  regexp_replace(${value}, '<[^>]*>', ''), '[^[:space:]<>",;]+@[^[:space:]<>",;]+', ''), ' ",;()'), ''), ${value})`

/** “Rossi, Anna” is Anna Rossi, in the directories that sort by family. */
const turned = (value: RawBuilder<unknown>) => sql`regexp_replace(${value}, '^([^,]+), *([^,]+)$', '\\2 \\1')`

/** What a name means: a person by e-mail address, then by what an earlier import called them, then by a name that only one bears. */
const meaning = (kind: RawBuilder<unknown>, value: RawBuilder<unknown>, source: string) => sql`case ${kind}
  when 'person' then coalesce(
    (select id from person p where lower(p.email) = ${emailOf(value)}),
    (select id from person p where p.external_id = ${`${source}:`}::text || ${value}),
    (select (array_agg(p.id))[1] from person p
     where lower(p.name) in (lower(${nameIn(value)}), lower(${turned(nameIn(value))})) and p.archived_at is null
       and (p.email is null or ${emailOf(value)} is null) having count(*) = 1))
  when 'team' then (select id from team t where lower(t.name) = lower(${value}) and t.archived_at is null)
  when 'service' then (select id from service s
    where s.archived_at is null and (s.key = lower(${value}) or exists (
      select from jsonb_each_text(s.name) as w(locale, word) where lower(w.word) = lower(${value})))
    order by s.key limit 1)
  when 'item' then (select id from configuration_item c where c.name = ${value})
  when 'category' then (select id from category c
    where c.archived_at is null and (c.key = lower(${value}) or exists (
      select from jsonb_each_text(c.name) as w(locale, word) where lower(w.word) = lower(${value})))
    order by c.key limit 1)
end`

/**
 * Decides once an import what its names mean; null where nothing here is meant yet. In one order, so that batches which
 * meet the same new names wait for each other and not in a circle.
 */
export async function matchNames(
  tx: Tx,
  given: { id: string; source: string },
  used: Record<NameKind, Set<string>>,
): Promise<void> {
  const names = Object.entries(used).flatMap(([kind, values]) =>
    [...values].map((value) => ({ kind, value })),
  )
  if (names.length === 0) return
  await sql`
    insert into import_name (import_id, kind, value, id)
    select ${given.id}, g.kind, g.value, ${meaning(sql`g.kind`, sql`g.value`, given.source)}
    from jsonb_to_recordset(${JSON.stringify(names)}::jsonb) as g(kind text, value text)
    where not exists (select from import_name n
                      where n.import_id = ${given.id} and n.kind = g.kind and n.value = g.value)
    order by g.kind, g.value
    on conflict do nothing`.execute(tx.db)
}

/** What the names mean; what means nothing yet is created, as far as the mapping lets it. */
export async function holdNames(
  tx: Tx,
  { id, mapping }: { id: string; mapping: Mapping },
  used: Record<NameKind, Set<string>>,
): Promise<Names> {
  await matchNames(tx, { id, source: mapping.source }, used)
  const names = await readNames(tx, id, used)
  const { people, teams, services, items, categories } = mapping.create
  const wanted: [NameKind, boolean][] = [
    ['person', people],
    ['team', teams],
    ['service', services],
    ['item', items],
    ['category', categories],
  ]
  let created = false
  for (const [kind, create] of wanted) {
    const values = create ? [...used[kind]].filter((value) => !names[kind].has(value)) : []
    if (values.length === 0) continue
    await createKind(tx, { id, source: mapping.source, kind, values })
    created = true
  }
  return created ? readNames(tx, id, used) : names
}

const MAKERS: Record<NameKind, (source: string) => ReturnType<typeof sql>> = {
  person: (source) => sql`
    insert into person (id, name, email, external_id, created_at)
    select m.id, m.word, m.email, ${`${source}:`}::text || m.value, m.now from missing m on conflict do nothing returning id`,
  team: () => sql`
    insert into team (id, name, created_at) select m.id, m.value, m.now from missing m on conflict do nothing returning id`,
  service: () => sql`
    insert into service (id, key, name, created_at)
    select m.id, m.key, jsonb_build_object('en', m.value), m.now from missing m on conflict do nothing returning id`,
  item: () => sql`
    insert into configuration_item (id, name, kind, created_at)
    select m.id, m.value, 'other', m.now from missing m on conflict do nothing returning id`,
  category: () => sql`
    insert into category (id, key, name)
    select m.id, m.key, jsonb_build_object('en', m.value) from missing m on conflict do nothing returning id`,
}
const TABLE: Record<NameKind, string> = {
  person: 'person',
  team: 'team',
  service: 'service',
  item: 'configuration_item',
  category: 'category',
}

async function createKind(
  tx: Tx,
  { id, source, kind, values }: { id: string; source: string; kind: NameKind; values: string[] },
): Promise<void> {
  // The name first, then what bears it: joined the other way round, each new one looked at every name of the file.
  const { rows } = await sql<{ id: string }>`
    with named as (
      update import_name set id = uuidv7()
      where import_id = ${id} and kind = ${kind} and id is null and value = any(${values}::text[])
      returning id, value
    ), missing as (
      select id, value, ${tx.now}::timestamptz(3) as now, ${emailOf(sql`value`)} as email,
        ${kind === 'person' ? nameIn(sql`value`) : sql`coalesce(nullif(btrim(regexp_replace(value, '<[^>]*>', ''), ' "'), ''), value)`} as word,
        concat_ws('-', nullif(btrim(left(regexp_replace(fold_text(value), '[^a-z0-9]+', '-', 'g'), 40), '-'), ''),
          left(md5(value), 6)) as key
      from named
    ) ${MAKERS[kind](source)}`.execute(tx.db)
  if (rows.length < values.length) await takeOthers(tx, { id, source, kind, values })
  await record(
    tx,
    rows.map((made) => ({
      verb: 'create',
      subject: { kind: TABLE[kind], id: made.id },
      cause: { kind: 'import', id },
      visibility: 'audit',
    })),
  )
}

/**
 * Names for which nothing could be made, because another bears it: “Anna <a@x.org>” and “a@x.org” are one person, and
 * what somebody else made in this very moment is what was meant.
 */
async function takeOthers(
  tx: Tx,
  { id, source, kind, values }: { id: string; source: string; kind: NameKind; values: string[] },
) {
  await sql`
    update import_name n set id = ${meaning(sql`n.kind`, sql`n.value`, source)}
    where n.import_id = ${id} and n.kind = ${kind} and n.value = any(${values}::text[])
      and not exists (select from ${sql.table(TABLE[kind])} made where made.id = n.id)`.execute(tx.db)
}

async function readNames(tx: Tx, id: string, used: Record<NameKind, Set<string>>): Promise<Names> {
  const names = noNames()
  const values = Object.values(used).flatMap((set) => [...set])
  const { rows } = await sql<{ kind: NameKind; value: string; id: string }>`
    select kind, value, id from import_name
    where import_id = ${id} and id is not null and value = any(${values}::text[])`.execute(tx.db)
  for (const row of rows) names[row.kind].set(row.value, row.id)
  return names
}
