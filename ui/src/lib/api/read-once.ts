import { api } from './client.ts'

const underWay = new Map<string, Promise<unknown>>()

/**
 * Reads what several parts of a page show, once for one state of it: `state` says which, such as a revision. What failed
 * is asked again.
 */
export function readOnce<T>(path: string, state: unknown): Promise<T> {
  const key = `${path}@${String(state)}`
  const begun = underWay.get(key) as Promise<T> | undefined
  if (begun) return begun
  // The states before are nobody's any more.
  for (const old of underWay.keys()) if (old.startsWith(`${path}@`)) underWay.delete(old)
  const reading = api.get<T>(path)
  underWay.set(key, reading)
  reading.catch(() => underWay.delete(key))
  return reading
}
