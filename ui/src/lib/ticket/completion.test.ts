import { describe, expect, it } from 'vitest'
import { completed, tokenAt } from './completion.ts'

const both = ['/', '@'] as const

describe('what asks for a completion', () => {
  it.each([
    ['/', { sign: '/', words: '', at: 0 }],
    ['/out of ink', { sign: '/', words: 'out of ink', at: 0 }],
    ['Hello\n/vpn', { sign: '/', words: 'vpn', at: 6 }],
    ['see /etc/hosts', undefined],
    ['https://x.test/', undefined],
    ['/one\nmore', undefined],
    ['@', { sign: '@', words: '', at: 0 }],
    ['ask @Iri', { sign: '@', words: 'Iri', at: 4 }],
    ['ask (@Irina Pe', { sign: '@', words: 'Irina Pe', at: 5 }],
    ['ask @Irina Petrescu about it', undefined],
    ['mail@host', undefined],
    ['@Élodie', { sign: '@', words: 'Élodie', at: 0 }],
  ])('in %j is %j', (text, token) => expect(tokenAt(text, text.length, both)).toEqual(token))

  it('is looked for at the caret, and only for the signs that there are', () => {
    expect(tokenAt('@Iri and more', 4, both)?.words).toBe('Iri')
    expect(tokenAt('/x', 2, ['@'])).toBeUndefined()
  })

  it('gives its place to what is chosen', () => {
    const token = tokenAt('ask @Iri today', 8, both)!
    expect(completed('ask @Iri today', token, '@Irina ')).toEqual({ text: 'ask @Irina  today', caret: 11 })
  })
})
