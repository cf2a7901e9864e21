import { loadFrom } from '#lib/api/client.ts'

/** The thing that a form edits; null under the address `new`. */
export const loadThing = <T>(
  event: { fetch: typeof fetch; url: URL; params: { id: string } },
  path: string,
): Promise<T | null> =>
  event.params.id === 'new'
    ? Promise.resolve(null)
    : loadFrom(event, (api) => api.get<T>(`${path}/${event.params.id}`))
