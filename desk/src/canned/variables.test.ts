import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { demandVariables, fillIn, type Values, VARIABLES } from './variables.ts'

const none = Object.fromEntries(VARIABLES.map((name) => [name, null])) as Values
const filled = (text: string, values: Partial<Values> = {}) => fillIn(text, { ...none, ...values })

describe('a prepared text', () => {
  it.each([
    ['Hello {{requester.name}}', 'Hello Anna'],
    ['Hello {{ requester.name }}!', 'Hello Anna!'],
    ['{{requester.name}}, {{requester.name}}', 'Anna, Anna'],
    ['{{{requester.name}}}', '{Anna}'],
    ['nothing { to } {{fill', 'nothing { to } {{fill'],
    ['{{nobody.knows}}', '{{nobody.knows}}'],
  ])('%j becomes %j', (text, becomes) =>
    expect(filled(text, { 'requester.name': 'Anna' })).toEqual({ text: becomes, missing: [] }),
  )

  it('says what the ticket has nothing for', () =>
    expect(filled('{{ticket.team}} {{ticket.due}} {{ticket.team}}', { 'ticket.due': ' ' }).missing).toEqual([
      'ticket.team',
      'ticket.due',
    ]))

  it.each([
    ['{{agent.name}}', '{{agent.name}}'],
    ['[pay](https://evil.test)', String.raw`\[pay\](https://evil.test)`],
    ['![x](//evil.test/x.png)', String.raw`!\[x\](//evil.test/x.png)`],
    ['<img src=x onerror=alert(1)>', String.raw`\<img src=x onerror=alert(1)\>`],
    ['# loud', String.raw`\# loud`],
    ['- a list', String.raw`\- a list`],
    ['1. first', String.raw`1\. first`],
    ['a\r\n> b\u202e', String.raw`a \> b`],
    ['`code` *bold* _x_', String.raw`\`code\` \*bold\* \_x\_`],
    ['Mary-Ann O’Neil', 'Mary-Ann O’Neil'],
    ['INC-9582', 'INC-9582'],
  ])('takes a value of %j as words: %j', (value, stands) =>
    expect(filled('{{ticket.title}}', { 'ticket.title': value }).text).toBe(stands),
  )

  it.each([
    ['{{ticket.number}} {{ agent.name }}', ''],
    ['{{ticket.numbre}}', '{{ticket.numbre}}'],
    ['{{}} {{constructor}} {{__proto__}}', '{{}}, {{constructor}}, {{__proto__}}'],
  ])('%j is refused for %j', (text, unknown) => {
    const asked = () => demandVariables(text, 'body')
    if (unknown) expect(asked).toThrow(unknown)
    else expect(asked).not.toThrow()
  })

  it('is read once, in one line a value, whatever the values are', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.string({ unit: 'binary', maxLength: 60 }), fc.constant('{{agent.name}}')),
        fc.constantFrom(...VARIABLES.filter((name) => name !== 'agent.name')),
        (value, name) => {
          const { text } = filled(`a{{${name}}}b`, { [name]: value, 'agent.name': 'SECRET' })
          expect(text.startsWith('a') && text.endsWith('b')).toBe(true)
          expect(text).not.toMatch(/[\r\n]/)
          if (!value.includes('SECRET')) expect(text).not.toContain('SECRET')
        },
      ),
      { seed: 7, numRuns: 1000 },
    )
  })
})
