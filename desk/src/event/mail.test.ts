import { expect, test } from 'vitest'
import { checkMailRules, type MailRule, readMail } from './mail.ts'

const mail = (subject: string, text = '') => ({ from: 'ups@plant.example', subject, text })
const rules: MailRule[] = [
  { means: 'ignore', subject: '^weekly report' },
  { means: 'resolve', subject: '^OK: (\\S+)', dedup_key: '$1' },
  {
    means: 'trigger',
    subject: '^(ALARM|WARN): (\\S+)',
    body: 'battery (\\d+) %',
    dedup_key: '$2',
    title: '$2 at $3 %',
    severity: '$1',
  },
]

test.each<[string, MailRule[], string, string, object]>([
  [
    'no rules: it fires by its subject',
    [],
    'Re: FWD: Disk full',
    '',
    { means: 'trigger', dedupKey: 'disk full', rule: null },
  ],
  ['the first that fits', rules, 'Weekly report', '', { means: 'ignore', rule: 1 }],
  [
    'groups over all patterns',
    rules,
    'ALARM: ups-1 now',
    'The\nbattery 12 %',
    { means: 'trigger', dedupKey: 'ups-1', title: 'ups-1 at 12 %', severity: 'ALARM', rule: 3 },
  ],
  ['the recovery has the same key', rules, 'OK: ups-1', '', { means: 'resolve', dedupKey: 'ups-1', rule: 2 }],
  ['one pattern that is not found', rules, 'ALARM: ups-1', 'no figure', { means: 'ignore', rule: null }],
  [
    'a group that took no part',
    [{ means: 'trigger', subject: 'a(x)?', title: '$1' }],
    'a',
    '',
    { title: 'a' },
  ],
])('%s', (_name, given, subject, text, expected) => {
  expect(readMail(given, mail(subject, text))).toMatchObject(expected)
})

test('a pattern that would never end elsewhere takes no time', () => {
  const started = performance.now()
  readMail([{ means: 'trigger', body: '^(a+)+$' }], mail('x', `${'a'.repeat(60_000)}!`))
  expect(performance.now() - started).toBeLessThan(2_000)
})

test('a pattern that cannot be compiled is named', () => {
  expect(() => checkMailRules([{ means: 'trigger', subject: '(' }])).toThrow(
    expect.objectContaining({
      details: { errors: [expect.objectContaining({ path: 'mail_rules.0.subject' })] },
    }),
  )
})
