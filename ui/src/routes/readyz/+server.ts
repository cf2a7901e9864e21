import { TOCSIN_API_URL } from '$app/env/private'

/** Ready means that pages can be filled: the API must be ready too. */
export const GET = async () => {
  const ready = await fetch(new URL('/readyz', TOCSIN_API_URL), { signal: AbortSignal.timeout(2000) }).then(
    (answer) => answer.ok,
    () => false,
  )
  return new Response(ready ? 'ready' : 'the API is not ready', { status: ready ? 200 : 503 })
}
