import { letAllGo } from '#lib/ticket/unkept.ts'

/** Ends the session and starts from an empty page, so that nothing of the last reader stays in memory. */
export async function signOut(): Promise<void> {
  await fetch('/api/auth/sign-out', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{}',
  }).catch(() => undefined)
  letAllGo()
  location.assign('/sign-in')
}
