import { existsSync, readFileSync } from 'node:fs'
import { variables } from '@tocsin/db/process'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'

type Service = {
  image?: string
  command?: string[]
  environment?: Record<string, string | number>
  depends_on?: Record<string, unknown>
  volumes?: string[]
}

const root = new URL('../../', import.meta.url)
const text = readFileSync(new URL('docker-compose.yml', root), 'utf8')
const compose: { services: Record<string, Service>; volumes: Record<string, unknown> } = parse(text, {
  merge: true,
})
const ours = Object.entries(compose.services).filter(([, service]) => service.image === 'tocsin')

// What adapter-node, which serves the pages, reads besides ours.
const pagesOwn = ['ORIGIN', 'BODY_SIZE_LIMIT']
// What compose itself asks of the operator, for the servers that are not ours.
const composeOwn = ['POSTGRES_PASSWORD', 'TOCSIN_APP_PASSWORD', 'CLICKHOUSE_PASSWORD']

describe('docker-compose.yml', () => {
  test.each(ours)(
    '%s runs a file that exists with variables that exist',
    (name, { command, environment }) => {
      const main = command?.[1] ?? ''
      expect(existsSync(new URL(main === 'ui/build/index.js' ? 'ui/vite.config.ts' : main, root))).toBe(true)
      const known = [...Object.keys(variables), ...(name === 'ui' ? pagesOwn : [])]
      expect(Object.keys(environment ?? {}).filter((variable) => !known.includes(variable))).toEqual([])
    },
  )

  test('asks the operator only for documented names', () => {
    const asked = [...text.matchAll(/(?<!\$)\$\{([A-Z_]+)/g)].map(([, name = '']) => name)
    const known = [...Object.keys(variables), ...composeOwn]
    expect(asked.filter((name) => !known.includes(name))).toEqual([])
  })

  test('knows every service and volume that it names', () => {
    const services = Object.keys(compose.services)
    const named = Object.values(compose.services).flatMap((service) => Object.keys(service.depends_on ?? {}))
    expect(named.filter((name) => !services.includes(name))).toEqual([])
    const volumes = Object.values(compose.services).flatMap((service) => service.volumes ?? [])
    expect(volumes.map((volume) => volume.split(':')[0])).toEqual(Object.keys(compose.volumes))
  })

  test('gives no service the key that could rewrite the record', () => {
    const holders = ours.filter(([, { environment }]) => 'DATABASE_OWNER_URL' in (environment ?? {}))
    expect(holders.map(([name]) => name)).toEqual(['migrate'])
  })
})
