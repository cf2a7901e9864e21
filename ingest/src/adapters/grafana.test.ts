import { createHmac } from 'node:crypto'
import { expect, test } from 'vitest'
import { circumstancesOf } from '../place.ts'
import { grafana } from './grafana.ts'

const receivedAt = new Date('2026-05-02T13:00:00Z')
const body = Buffer.from('{"alerts": []}')
const seconds = receivedAt.getTime() / 1000
const proofOf = (signed: string) => createHmac('sha256', 'test-secret').update(signed).digest('hex')

test.each([
  ['over the bytes alone', proofOf(body.toString()), {}, true],
  ['over time and bytes', proofOf(`${seconds}:${body.toString()}`), { 'x-any-name': `${seconds}` }, true],
  [
    'with a time that is not the one sent',
    proofOf(`${seconds}:${body.toString()}`),
    { 'x-t': `${seconds + 1}` },
    false,
  ],
  ['of an hour ago', proofOf(`${seconds - 3600}:${body.toString()}`), { 'x-t': `${seconds - 3600}` }, false],
  ['over another body', proofOf('{}'), {}, false],
  ['missing', '', {}, false],
])('a signature %s', (_name, proof, more, fits) => {
  const headers = { 'x-grafana-alerting-signature': proof, ...more } as Record<string, string>
  const circumstances = circumstancesOf({ path: '', query: {} }, { headers, receivedAt })
  expect(grafana.signature?.(body, circumstances, ['old-secret', 'test-secret'])).toBe(fits)
})

test.each([
  ['alerting', 'trigger'],
  ['no_data', 'trigger'],
  ['unknown', 'trigger'],
  ['ok', 'resolve'],
  ['paused', 'note'],
  ['pending', 'note'],
])('a legacy rule that is %s', (state, kind) => {
  const circumstances = circumstancesOf({ path: '', query: {} }, { headers: {}, receivedAt })
  const [event] = grafana.read({ ruleId: 0, ruleName: 'Disk', state, evalMatches: null }, circumstances)
  expect(event).toMatchObject({ kind, dedup_key: '["rule","0"]', title: 'Disk' })
})
