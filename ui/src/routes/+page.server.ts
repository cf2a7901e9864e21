import { redirect } from '@sveltejs/kit'
import { worksHere } from '#lib/frame/destinations.ts'
import type { PageServerLoad } from './$types'

/** Everybody starts where their work is. */
export const load: PageServerLoad = async ({ parent }) => {
  const { me } = await parent()
  redirect(303, me && worksHere(me) ? '/tickets' : '/portal')
}
