import { createRequire } from 'node:module'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { database, type TestApi, testApi, type TestDatabase } from '../harness/index.ts'

/** Everything that the door does stands in its OpenAPI document, whole enough to write a client from. */

type Schema = Record<string, unknown>
interface Operation {
  summary?: string
  tags?: string[]
  security?: unknown[]
  parameters?: { name: string; in: string; required?: boolean; schema?: Schema }[]
  requestBody?: { content: Record<string, { schema?: Schema }> }
  responses: Record<string, { description?: string; content?: Record<string, { schema?: Schema }> }>
}
interface OpenApi {
  openapi: string
  info: { title: string; version: string }
  paths: Record<string, Record<string, Operation>>
  components: Record<string, Record<string, Schema>>
}

let record: TestDatabase
let api: TestApi
let document: OpenApi
let operations: { at: string; path: string; method: string; operation: Operation }[]
beforeAll(async () => {
  record = await database()
  api = testApi(record.db, { databaseUrl: record.url })
  document = (await (await api.call(undefined, 'GET', '/api/v1/openapi.json')).json()) as OpenApi
  operations = Object.entries(document.paths).flatMap(([path, item]) =>
    Object.entries(item).map(([method, operation]) => ({
      at: `${method.toUpperCase()} ${path}`,
      path,
      method,
      operation,
    })),
  )
})
afterAll(() => record.drop())

/** Where each of them breaks the rule. */
const breaking = (rule: (one: (typeof operations)[number]) => boolean) =>
  operations.filter((one) => !rule(one)).map(({ at }) => at)

describe('the OpenAPI document', () => {
  it('names every route that is served, and no other', () => {
    const served = api.app.routes
      .filter(
        ({ method, path }) =>
          method !== 'ALL' && path.startsWith('/api/v1/') && !path.endsWith('/openapi.json'),
      )
      .map(({ method, path }) => `${method} ${path.replace(/:(\w+)/g, '{$1}')}`)
    expect(operations.map(({ at }) => at).toSorted()).toEqual([...new Set(served)].toSorted())
  })

  it('says of each what it does, under which heading, and who may', () => {
    expect(breaking(({ operation }) => (operation.summary?.length ?? 0) > 5)).toEqual([])
    expect(breaking(({ operation }) => operation.tags?.length === 1)).toEqual([])
    expect(breaking(({ operation }) => Array.isArray(operation.security))).toEqual([])
  })

  it('declares the parameters of each path, and no others', () => {
    const inPath = (path: string) => [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name!).toSorted()
    expect(
      breaking(({ path, operation }) => {
        const declared = (operation.parameters ?? []).filter((one) => one.in === 'path')
        return (
          declared.every(({ required, schema }) => required && schema) &&
          declared
            .map(({ name }) => name)
            .toSorted()
            .join(' ') === inPath(path).join(' ')
        )
      }),
    ).toEqual([])
  })

  it('has a shape for each body and each answer', () => {
    const shaped = (content: Record<string, { schema?: Schema }>) =>
      Object.values(content).length > 0 &&
      Object.values(content).every(({ schema }) => schema && Object.keys(schema).length > 0)
    expect(
      breaking(({ operation }) => !operation.requestBody || shaped(operation.requestBody.content)),
    ).toEqual([])
    expect(
      breaking(({ operation }) => Object.keys(operation.responses).some((status) => /^[23]/.test(status))),
    ).toEqual([])
    expect(
      breaking(({ operation }) =>
        Object.values(operation.responses).every(
          ({ description, content }) => description !== undefined && (!content || shaped(content)),
        ),
      ),
    ).toEqual([])
    const upload = document.paths['/api/v1/imports']!.post!.requestBody!.content
    expect(Object.keys(upload)).toEqual(['multipart/form-data'])
  })

  it('points at nothing that is not there', () => {
    const text = JSON.stringify(document)
    const pointed = new Set(
      [...text.matchAll(/"\$ref":"#\/components\/(\w+)\/([^"]+)"/g)].map(
        ([, kind, name]) => `${kind} ${name}`,
      ),
    )
    const there = Object.entries(document.components).flatMap(([kind, named]) =>
      Object.keys(named).map((name) => `${kind} ${name}`),
    )
    expect([...pointed].filter((one) => !there.includes(one))).toEqual([])
    expect(text.match(/"\$ref":"(?!#\/components\/)/g)).toBeNull()
    expect(text).not.toContain('x-upload')
  })

  it('is what the generator of clients takes for valid', async () => {
    const ofUi = createRequire(new URL('../../ui/package.json', import.meta.url))
    const { default: generate } = ofUi('openapi-typescript') as {
      default: (document: object) => Promise<unknown[]>
    }
    expect((await generate(document)).length).toBeGreaterThan(3)
    const broken = { ...document, paths: { '/x': { get: { responses: 'none' } } } }
    const error = await generate(broken).catch((thrown: unknown) => thrown)
    expect(error).toBeInstanceOf(Error)
  })
})
