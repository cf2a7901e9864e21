import { describe, expect, it } from 'vitest'
import { namesAsked, namesPerson } from './named-people.ts'

describe('people in a text', () => {
  it.each([
    ['@Ann Lee, look', ['Ann Lee', 'Ann']],
    ['ask @Bob.', ['Bob']],
    ['mail me@example.test', []],
    ['> @Ann Lee wrote\n`@Bob`', []],
    ['@x', []],
  ])('%j asks for %j', (text, asked) => expect(namesAsked(text)).toEqual(asked))

  it.each([
    ['@Ann Lee, look', true],
    ['@Ann Leeds', false],
    ['> @Ann Lee', false],
  ])('%j names her: %s', (text, named) => expect(namesPerson(text, 'Ann Lee')).toBe(named))
})
