import { ApiProblem, readProblem } from '#lib/api/problem.ts'
import { apiOf } from '#lib/api/client.ts'
import type { Me } from '#lib/api/types.ts'
import { rememberChoice } from '#lib/text/locale.ts'

/** Opens a session and lets this browser speak the person's language from the next page on. */
export async function signIn(email: string, password: string): Promise<true> {
  const response = await fetch('/api/auth/sign-in/email', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ email, password }),
  })
  if (!response.ok) throw new ApiProblem(await readProblem(response))
  const me = await apiOf(fetch)
    .get<Me>('/me')
    .catch(() => undefined)
  if (me) rememberChoice('tocsin_locale', me.person.locale)
  return true
}
