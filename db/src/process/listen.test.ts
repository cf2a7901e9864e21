import { Hono } from 'hono'
import { expect, test } from 'vitest'
import { serveHttp } from './listen.ts'

test('closing lets the request in flight finish and takes no more', async () => {
  const entered = Promise.withResolvers<void>()
  const release = Promise.withResolvers<void>()
  const app = new Hono().get('/slow', async (c) => {
    entered.resolve()
    await release.promise
    return c.text('done')
  })
  const { url, close } = await serveHttp(app, '127.0.0.1', 0)
  const answer = fetch(`${url}/slow`)
  await entered.promise
  const closed = close()
  await expect(fetch(`${url}/slow`)).rejects.toThrow('fetch failed')
  release.resolve()
  expect(await (await answer).text()).toBe('done')
  await closed
})
