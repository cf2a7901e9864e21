import { error } from '@sveltejs/kit'
import { mayOpenPath } from '#lib/admin/access.ts'
import { m } from '#lib/paraglide/messages.js'
import type { LayoutLoad } from './$types'

/** Each page asks for what its section needs; who lacks it is told so instead of finding a form that cannot be saved. */
export const load: LayoutLoad = async ({ url, parent }) => {
  const { me } = await parent()
  if (me && !mayOpenPath(me, url.pathname)) error(403, { message: m.admin_not_yours() })
}
