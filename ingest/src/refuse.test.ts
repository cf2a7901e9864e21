import { describe, expect, test } from 'vitest'
import { tryBody } from './try.ts'

const refused = async (system: string, body: unknown, path = '', query: Record<string, string> = {}) => {
  const bytes = Buffer.from(JSON.stringify(body))
  const { answer } = await tryBody(system, bytes, { path, query, headers: {}, receivedAt: new Date() })
  return answer
}

describe('a refusal has the form of the service that is imitated', () => {
  test.each([
    [{ alias: 'a' }, '/v2/alerts', {}, { message: 'Message can not be empty.' }],
    [
      { endTime: '2020-01-01T00:00:00Z' },
      '/v2/alerts/a/snooze',
      { identifierType: 'alias' },
      { endTime: 'End time should be a date in the future.' },
    ],
    [
      { endTime: '+275760-09-13T00:00:00.000Z' },
      '/v2/alerts/a/snooze',
      { identifierType: 'alias' },
      { endTime: 'End time should be a date in the future.' },
    ],
    [
      {},
      '/v2/alerts/a/close',
      { identifierType: 'name' },
      { identifierType: 'Identifier type should be one of [id, tiny, alias].' },
    ],
  ])('Opsgenie: %j at %s', async (body, path, query, errors) => {
    expect(await refused('opsgenie_api', body, path, query)).toMatchObject({
      status: 422,
      body: {
        message: 'Request body is not processable. Please check the errors.',
        errors,
        requestId: expect.any(String) as string,
      },
    })
  })

  test('at our own address it says what was expected', async () => {
    expect(await refused('opsgenie_api', { hello: 'world', more: 1 })).toMatchObject({
      status: 422,
      body: { message: expect.stringContaining('Expected an Opsgenie alert') as string },
    })
  })

  test.each([
    [{ event_action: 'explode', dedup_key: 'k' }, "'event_action' is invalid"],
    [{ event_action: 'resolve' }, "'dedup_key' is missing or blank"],
    [
      { event_action: 'trigger', payload: { summary: ' ', source: 's', severity: 'info' } },
      'payload.summary',
    ],
  ])('PagerDuty: %j', async (body, words) => {
    expect(await refused('pagerduty_events_v2', body, '/v2/enqueue')).toMatchObject({
      status: 400,
      body: {
        status: 'invalid event',
        message: 'Event object is invalid',
        errors: [expect.stringContaining(words) as string],
      },
    })
  })
})
