import { describe, expect, test } from 'vitest'
import { placeOf } from './place.ts'

const basic = (words: string) => `Basic ${Buffer.from(words).toString('base64')}`

describe('where a request stands', () => {
  test.each([
    ['/v1/alertmanager/KEY', {}, { system: 'alertmanager', key: 'KEY', path: '' }],
    ['/v1/alertmanager/KEY/', {}, { system: 'alertmanager', key: 'KEY', path: '' }],
    ['/v1/alertmanager/KEY?a=1', {}, { key: 'KEY', query: { a: '1' } }],
    ['/v1/prometheus/KEY/api/v2/alerts', {}, { system: 'prometheus', key: 'KEY', path: '/api/v2/alerts' }],
    ['/v1/prometheus/api/v2/alerts', { authorization: 'Bearer KEY' }, { key: 'KEY', path: '/api/v2/alerts' }],
    ['/v1/alertmanager', { authorization: 'bearer KEY' }, { key: 'KEY', path: '' }],
    ['/v1/alertmanager', { authorization: basic('anyone:K:EY') }, { key: 'K:EY' }],
    ['/v1/alertmanager', {}, { key: '' }],
  ])('%s %o', (url, headers, place) => {
    expect(placeOf({ url, headers })).toMatchObject(place)
  })

  test.each([
    '/v1/nobody/KEY',
    '/v2/alertmanager/KEY',
    '/v1/alertmanager/KEY/and/more',
    '/v1//alertmanager/KEY',
    '/v1/__proto__/KEY',
    '/',
  ])('nowhere: %s', (url) => {
    expect(placeOf({ url, headers: {} })).toBeUndefined()
  })
})
