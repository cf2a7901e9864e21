import { redirect } from '@sveltejs/kit'
import { apiOf } from '#lib/api/client.ts'
import type { PageLoad } from './$types'

/** Open only while nobody can sign in yet. */
export const load: PageLoad = async ({ fetch }) => {
  const setup = await apiOf(fetch).get<{ needed: boolean }>('/setup')
  if (!setup.needed) redirect(303, '/sign-in')
}
