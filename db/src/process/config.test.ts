import { describe, expect, test } from 'vitest'
import { readEnvironment, variables } from './config.ts'

describe('readEnvironment', () => {
  test('defaults stand, and an empty value counts as absent', () => {
    const { TOCSIN_PORT, TRUSTED_PROXIES, SMTP_URL } = variables
    expect(readEnvironment({ TOCSIN_PORT, TRUSTED_PROXIES, SMTP_URL }, { SMTP_URL: '' })).toEqual({
      TOCSIN_PORT: 3000,
      TRUSTED_PROXIES: [],
      SMTP_URL: undefined,
    })
  })

  test('a public URL loses its last slash, a list is split', () => {
    const { TOCSIN_PUBLIC_URL, TRUSTED_PROXIES } = variables
    const env = { TOCSIN_PUBLIC_URL: 'https://desk.example/', TRUSTED_PROXIES: '10.0.0.0/8, ::1' }
    expect(readEnvironment({ TOCSIN_PUBLIC_URL, TRUSTED_PROXIES }, env)).toEqual({
      TOCSIN_PUBLIC_URL: 'https://desk.example',
      TRUSTED_PROXIES: ['10.0.0.0/8', '::1'],
    })
  })

  test('every fault is named at once, and no value is shown', () => {
    const { DATABASE_URL, PORT, TOCSIN_SECRET } = variables
    const read = () =>
      readEnvironment(
        { DATABASE_URL, PORT, TOCSIN_SECRET },
        { DATABASE_URL: 'mysql://hush', TOCSIN_SECRET: 'hush' },
      )
    expect(read).toThrow(
      /DATABASE_URL: must be a URL.*\n.*PORT: is not set\n.*TOCSIN_SECRET: must be at least 32/,
    )
    expect(read).not.toThrow(/hush/)
  })
})
