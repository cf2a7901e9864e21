import type { Mapping, MappedField } from '@tocsin/desk'
import { type Fields, isFields } from './adapter.ts'
import { FLAGS, LABELS, LISTS, NAMES, NUMBERED, NUMBERED_NAMES, usualStatus } from './webhook-words.ts'

/** Names and positions, from the element. */
export type Path = string[]

/** Where in an element each fact stands, as far as its names say it. */
export interface Guess {
  paths: Partial<Record<MappedField, Path>>
  /** The status is a yes or no, and this is what yes means. */
  yes?: 'firing' | 'resolved'
  severities: Mapping['severities']
}

interface Leaf {
  name: string
  path: Path
  value: string | number | boolean
}

/** Where the list stands that holds the messages of a body, at its top or one level below; none where it is one itself. */
export function listIn(body: unknown): Path {
  if (!isFields(body)) return []
  const names = (fields: Fields) => Object.keys(fields).filter((name) => LISTS.includes(spelled(name)))
  const own = names(body).find((name) => isList(body[name]))
  if (own !== undefined) return [own]
  for (const [outer, inner] of Object.entries(body))
    if (isFields(inner)) {
      const name = names(inner).find((one) => isList(inner[one]))
      if (name !== undefined) return [outer, name]
    }
  return []
}

/** What stands there. */
export const listAlong = (body: unknown, path: Path): unknown =>
  path.reduce<unknown>((at, name) => (isFields(at) ? at[name] : undefined), body)

const isList = (value: unknown): boolean => Array.isArray(value) && value.length > 0 && value.every(isFields)

/** Reads the names of an element's fields, and of those a few levels below. */
export function guess(element: Fields): Guess {
  const leaves = leavesOf(element)
  const named = Map.groupBy(leaves, ({ name }) => name)
  const first = (field: keyof typeof NAMES, fits: (leaf: Leaf) => boolean = isText) => {
    for (const name of NAMES[field]) {
      const leaf = named.get(name)?.find(fits)
      if (leaf) return leaf
    }
    return undefined
  }
  const flag = leaves.find(({ name, value }) => typeof value === 'boolean' && Object.hasOwn(FLAGS, name))
  const status = first('status', (leaf) => isText(leaf) && meansStatus(leaf))
  const severity = first('severity')
  const labels = Object.entries(element).find(
    ([name, value]) => LABELS.includes(spelled(name)) && (isFields(value) || isWords(value)),
  )
  const title = first('title', (leaf) => isText(leaf) && leaf !== status)
  const found: Partial<Record<MappedField, Leaf>> = {
    status: status ?? flag,
    severity,
    title,
    dedup_key: first('dedup_key'),
    resource: first('resource'),
    service: first('service'),
    host: first('host'),
    starts_at: first('starts_at'),
    ends_at: first('ends_at'),
    link: first('link', ({ value }) => typeof value === 'string' && /^https?:/i.test(value)),
    description: first('description', (leaf) => isText(leaf) && leaf !== title),
  }
  const paths = Object.fromEntries(
    Object.entries(found).flatMap(([field, leaf]) => (leaf ? [[field, leaf.path]] : [])),
  ) as Guess['paths']
  if (labels) paths.labels = [labels[0]]
  const numbered =
    severity !== undefined && NUMBERED_NAMES.includes(severity.name) && /^[1-5]$/.test(String(severity.value))
  return {
    paths,
    ...(!status && flag && { yes: FLAGS[flag.name]! }),
    severities: numbered ? NUMBERED : {},
  }
}

const isWords = (value: unknown): boolean =>
  Array.isArray(value) && value.length > 0 && value.every((word) => typeof word === 'string')

/** Its status, where it is the last part of a longer word: `com.example.alert.resolved`. */
export const lastWord = (word: string): string => word.split(/[.:/]/).at(-1) ?? word

// A monitor of the type “ping” is no ping, nor one of the type “heartbeat”.
const OF_THINGS = ['type', 'alerttype', 'result']
function meansStatus({ name, value }: Leaf): boolean {
  const kind = usualStatus(lastWord(String(value)))
  if (kind === undefined) return false
  return ['trigger', 'resolve', 'acknowledge'].includes(kind) || !OF_THINGS.includes(name)
}

/** The fields of an element, and of the objects in it; a CloudEvent's data before its envelope. */
function leavesOf(element: Fields): Leaf[] {
  const own = scalars(element, '', [])
  const nested = leavesBelow([{ fields: element, path: [] }], DEPTH)
  const envelope =
    'specversion' in element || ('source' in element && 'type' in element && isFields(element.data))
  if (!envelope) return [...own, ...nested]
  // Its id names the message, never the alert; subject is what it is about.
  return [
    ...nested,
    ...own.filter(({ name }) => name !== 'id'),
    ...own.filter(({ name }) => name === 'subject').map((leaf) => ({ ...leaf, name: 'key' })),
  ]
}

// A body says what matters near its top, and may be of any shape further down.
const DEPTH = 3
const OBJECTS = 100
// Anybody's or anything's, unless the object that holds them is what the message is about.
const ITSELF = new Set(
  'alert alarm incident issue problem event check monitor trigger notification ticket task data item attributes details payload result'.split(
    ' ',
  ),
)
const ANYBODYS = new Set(['id', 'uid', 'uuid', 'key', 'reference', 'name', 'type', 'kind', 'value'])

/** The fields of the objects within these, those nearer to the top first. */
function leavesBelow(holders: { fields: Fields; path: Path }[], levels: number): Leaf[] {
  if (levels === 0) return []
  const within = holders
    .flatMap(({ fields, path }) =>
      Object.entries(fields).flatMap(([name, value]) =>
        isFields(value) && !LABELS.includes(spelled(name))
          ? [{ name, fields: value, path: [...path, name] }]
          : [],
      ),
    )
    .slice(0, OBJECTS)
  if (within.length === 0) return []
  // `host: { name }` is a hostname, and `alert: { title }` a title.
  const leaves = within
    .flatMap(({ name, fields, path }) => [
      ...scalars(fields, spelled(name), path),
      ...scalars(fields, '', path),
    ])
    .filter(
      ({ name, path: [parent = ''] }) =>
        !ANYBODYS.has(name) || (levels === DEPTH && ITSELF.has(spelled(parent))),
    )
  return [...leaves, ...leavesBelow(within, levels - 1)]
}

function scalars(fields: Fields, before: string, path: Path): Leaf[] {
  return Object.entries(fields).flatMap(([name, value]): Leaf[] =>
    typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
      ? [{ name: before + spelled(name), path: [...path, name], value }]
      : [],
  )
}

const isText = ({ value }: Leaf): boolean =>
  typeof value === 'number' || (typeof value === 'string' && value.trim() !== '')

const spelled = (name: string): string => name.toLowerCase().replace(/[^a-z0-9]/g, '')

/** The guess as a mapping, for people to go on from. */
export function guessedMapping(list: Path, { paths, yes, severities }: Guess): Mapping {
  // The element is the body itself where there is no list.
  const at = 'item'
  const fields = Object.fromEntries(
    FIELDS.map((field) => {
      const path = paths[field]
      return [field, path ? pathText(at, path) : '']
    }),
  ) as Mapping['fields']
  if (yes && fields.status)
    fields.status = `${fields.status} ? "${yes}" : "${yes === 'firing' ? 'resolved' : 'firing'}"`
  return { elements: list.length === 0 ? '' : pathText('body', list), fields, severities, statuses: {} }
}

const FIELDS: MappedField[] = ['kind', 'labels', ...(Object.keys(NAMES) as MappedField[])]

// Words of the language itself cannot follow a dot.
const RESERVED = new Set(
  'as break const continue else false for function if import in let loop namespace null package return true var void while'.split(
    ' ',
  ),
)

const pathText = (at: string, path: Path): string =>
  path.reduce(
    (text, name) =>
      /^[A-Za-z_]\w*$/.test(name) && !RESERVED.has(name)
        ? `${text}.${name}`
        : `${text}[${JSON.stringify(name)}]`,
    at,
  )
