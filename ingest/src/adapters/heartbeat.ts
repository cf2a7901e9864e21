import { composeEvent } from '@tocsin/desk'
import { defineAdapter } from './adapter.ts'

/** A sign of life: that a request came is all it says. What becomes of one that does not come, the desk watches. */
export const heartbeat = defineAdapter({
  expects: 'any request',
  readOne: (_body, { receivedAt }) =>
    composeEvent(
      { kind: 'ping', dedupKey: 'heartbeat', severity: null, severityAs: 'ok', title: 'Sign of life' },
      receivedAt,
    ),
  accepted: () => ({ status: 200, body: { status: 'ok' } }),
  methods: ['GET', 'POST', 'HEAD', 'PUT'],
  anyBody: true,
})
