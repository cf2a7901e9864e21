import { describe, expect, it } from 'vitest'
import { configurationOf } from './sender.ts'
import { isSystem, SYSTEMS } from './systems.ts'

const systems = Object.keys(SYSTEMS).filter(isSystem)

describe('the configuration of a sender', () => {
  it.each(systems)('%s: has the address, and the key nowhere but by its place holder', (system) => {
    const { url, snippets } = configurationOf(system, SYSTEMS[system], 'https://desk.example:3001/')
    expect(url).toBe(`https://desk.example:3001/v1/${system}/<key>`)
    expect(snippets.length).toBeGreaterThan(0)
    const text = snippets.map((snippet) => snippet.text).join('\n')
    expect(text).toContain('<key>')
    expect(text).toContain('desk.example:3001')
    expect(new Set(snippets.map(({ file }) => file)).size).toBe(snippets.length)
  })

  it('of a system without words of its own is the request that every webhook makes', () => {
    const { snippets } = configurationOf('beacon', { name: 'Beacon' }, 'http://127.0.0.1:3001')
    expect(snippets.map(({ text }) => text)).toEqual([
      'POST http://127.0.0.1:3001/v1/beacon/<key>\nContent-Type: application/json\n',
      'POST http://127.0.0.1:3001/v1/beacon\nAuthorization: Bearer <key>\nContent-Type: application/json\n',
    ])
  })
})
