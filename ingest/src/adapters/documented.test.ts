import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { ADAPTERS } from './registry.ts'

const sections = readFileSync(new URL('../../../docs/integrations.md', import.meta.url), 'utf8').split(
  /^## /m,
)

/** Where a sender is pointed to: at our own address for it, or at one of the service that it takes us for. */
function addressesOf(system: keyof typeof ADAPTERS): RegExp {
  const own = ADAPTERS[system].addresses.map((path) => path.replaceAll('*', '[^\\s/]+'))
  return new RegExp([`/v1/${system}\\b`, ...own].join('|'))
}

test.each(Object.keys(ADAPTERS) as (keyof typeof ADAPTERS)[])(
  '%s has a section that says what to paste into its sender',
  (system) => {
    const section = sections.find((one) => addressesOf(system).test(one))
    expect(section).toMatch(/KEY|<key>/)
  },
)
