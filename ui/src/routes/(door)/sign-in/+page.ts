import { redirect } from '@sveltejs/kit'
import { apiOf } from '#lib/api/client.ts'
import type { PageLoad } from './$types'

/** A desk without any sign-in has nobody to ask: its first administrator is made first. */
export const load: PageLoad = async ({ fetch, url, parent }) => {
  const { me } = await parent()
  const wish = url.searchParams.get('next') ?? '/'
  const next = wish.startsWith('/') && !wish.startsWith('//') && !wish.includes('\\') ? wish : '/'
  if (me) redirect(303, next)
  const setup = await apiOf(fetch)
    .get<{ needed: boolean }>('/setup')
    .catch(() => ({ needed: false }))
  if (setup.needed) redirect(303, '/welcome')
  return { next }
}
