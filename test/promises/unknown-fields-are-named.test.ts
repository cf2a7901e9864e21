import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  database,
  type Someone,
  someone,
  type TestApi,
  testApi,
  type TestDatabase,
} from '../harness/index.ts'

/** Every route of the document refuses by name what it does not know, and says what it takes; the pages ask for no other. */

type Schema = Record<string, unknown> & { properties?: Record<string, Schema> }
interface Operation {
  'x-permission'?: string
  parameters?: { name: string; in: string; schema?: Schema }[]
  requestBody?: { content: Record<string, { schema?: Schema }> }
  responses: Record<string, { content?: Record<string, unknown> }>
}
interface OpenApi {
  paths: Record<string, Record<string, Operation>>
  components: { schemas: Record<string, Schema> }
}

let record: TestDatabase
let api: TestApi
let boss: Someone
let document: OpenApi
let operations: { at: string; method: string; path: string; operation: Operation }[]
beforeAll(async () => {
  record = await database()
  api = testApi(record.db, { databaseUrl: record.url })
  boss = await someone(record.db, [{ role: 'administrator' }])
  document = (await (await api.call(undefined, 'GET', '/api/v1/openapi.json')).json()) as OpenApi
  operations = Object.entries(document.paths).flatMap(([path, item]) =>
    Object.entries(item).map(([method, operation]) => ({
      at: `${method.toUpperCase()} ${path}`,
      method,
      path,
      operation,
    })),
  )
})
afterAll(() => record.drop())

const resolved = (schema: Schema): Schema => {
  const name = typeof schema.$ref === 'string' ? schema.$ref.split('/').at(-1) : undefined
  return name === undefined ? schema : resolved(document.components.schemas[name]!)
}
const bodyOf = ({ requestBody }: Operation) => requestBody?.content['application/json']?.schema
const variantsOf = (schema: Schema): Schema[] => {
  const one = resolved(schema)
  const several = (one.oneOf ?? one.anyOf ?? one.allOf) as Schema[] | undefined
  return several ? several.flatMap(variantsOf) : [one]
}
const FILLED = '\u0000'
const EXAMPLES: Record<string, string> = {
  number: 'INC-1',
  key: 'none',
  name: 'volume',
  verb: 'close',
  box: 'reply',
}
const filled = (path: string) =>
  path.replace(/\{(\w+)\}/g, (_, name: string) => EXAMPLES[name] ?? '01890a5d-ac96-774b-bcce-b302099a8057')

describe('a body', () => {
  it.each(['no_such_field', 'id', 'created_at', 'revision'])(
    'with “%s” is refused, naming it',
    async (field) => {
      const wrong: string[] = []
      for (const { at, method, path, operation } of operations) {
        const schema = bodyOf(operation)
        if (!schema || !['post', 'put', 'patch'].includes(method)) continue
        if (variantsOf(schema).some(({ properties }) => properties && field in properties)) continue
        const answer = await api.call(
          boss.key,
          method.toUpperCase(),
          filled(path),
          { [field]: 'x' },
          { 'if-match': '"1"' },
        )
        const { errors = [] } = (await answer.json()) as { errors?: { path: string }[] }
        if (answer.status !== 400 || !errors.some(({ path: named }) => named === field))
          wrong.push(`${at}: ${answer.status} ${errors.map(({ path: named }) => named).join(', ')}`)
      }
      expect(wrong).toEqual([])
    },
  )

  it('lets nothing unknown into what lies within it', () => {
    const open: string[] = []
    const walk = (at: string, given: Schema, seen: ReadonlySet<Schema>) => {
      for (const schema of variantsOf(given)) {
        if (seen.has(schema)) continue
        const deeper = new Set([...seen, schema])
        const names = Object.keys(schema.properties ?? {})
        // A record by priority is told by its names alone, and refuses others as the rest does.
        const byPriority = names.length > 0 && names.every((name) => /^P[1-5]$/.test(name))
        if (schema.properties && !byPriority && schema.additionalProperties !== false) open.push(at)
        for (const [name, part] of Object.entries(schema.properties ?? {}))
          walk(`${at} ${name}`, part, deeper)
        if (schema.items) walk(`${at} []`, schema.items as Schema, deeper)
        const rest = schema.additionalProperties
        if (typeof rest === 'object' && rest !== null) walk(`${at} {}`, rest as Schema, deeper)
      }
    }
    for (const { at, operation } of operations) {
      const schema = bodyOf(operation)
      if (schema) walk(at, schema, new Set())
    }
    expect(open).toEqual([])
  })
})

describe('the document', () => {
  it('says of each route who may, and in which form its errors come', () => {
    const silent = operations.filter(
      ({ operation }) =>
        !operation['x-permission'] ||
        !['400', '401', '403', '404', '409', '422'].every(
          (status) => operation.responses[status]?.content?.['application/problem+json'],
        ),
    )
    expect(silent.map(({ at }) => at)).toEqual([])
  })

  it('names whatever the pages ask for', () => {
    const root = fileURLToPath(new URL('../../ui/src', import.meta.url))
    /** Where the page fills something in, it may be an id as well as a verb. */
    const same = (path: string[], asked: string[]) =>
      path.length === asked.length &&
      path.every(
        (part, place) => part.startsWith('{') || asked[place]!.includes(FILLED) || part === asked[place],
      )
    const asked = new Set<string>()
    for (const file of readdirSync(root, { recursive: true, encoding: 'utf8' })) {
      if (!/\.(?:svelte|ts)$/.test(file) || file.includes('.test.')) continue
      const text = readFileSync(join(root, file), 'utf8')
      for (const [, verb, plain, template] of text.matchAll(
        /\bapi\s*\.(get|post|put|patch|delete|upload)(?:<(?:[^()<>]|<[^()<>]*>)*>)?\(\s*(?:'(\/[^']*)'|`(\/(?:[^`$]|\$\{(?:[^{}]|\{[^{}]*\})*\})*)`)/g,
      ))
        asked.add(`${verb === 'upload' ? 'post' : verb} ${plain ?? template}`)
    }
    expect(asked.size).toBeGreaterThan(200)
    const unknown = [...asked].filter((one) => {
      const [verb, path] = one.split(/ (.*)/) as [string, string]
      const plain = `/api/v1${path.replace(/\$\{(?:[^{}]|\{[^{}]*\})*\}/g, FILLED)}`.split('?')[0]!.split('/')
      return !operations.some(({ method, path: served }) => method === verb && same(served.split('/'), plain))
    })
    expect(unknown).toEqual([])
  })
})
