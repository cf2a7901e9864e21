import { createHmac } from 'node:crypto'
import { expect, test } from 'vitest'
import { outside } from '../outside.ts'
import { circumstancesOf } from '../place.ts'
import { netdataCloud } from './netdata_cloud.ts'
import { Forged } from './signature.ts'

const nowhere = outside(() => Promise.reject(new Error('asked outside')))

const asked = circumstancesOf(
  { path: '', query: { crc_token: 'abc' } },
  { method: 'GET', headers: {}, receivedAt: new Date() },
)

test('a challenge is answered with the proof that both sides know the secret', async () => {
  const proof = createHmac('sha256', 'test-secret').update('abc').digest('base64')
  expect(await netdataCloud.greet?.({}, asked, ['test-secret'], nowhere)).toEqual({
    status: 200,
    body: { response_token: `sha256=${proof}` },
  })
  await expect(netdataCloud.greet?.({}, asked, [], nowhere)).rejects.toThrow(Forged)
})

test('what is no challenge is read', async () => {
  const plain = circumstancesOf({ path: '', query: {} }, { headers: {}, receivedAt: new Date() })
  expect(await netdataCloud.greet?.({ alert: 'a' }, plain, ['test-secret'], nowhere)).toBeUndefined()
})
