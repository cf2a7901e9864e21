import { error as failPage, redirect } from '@sveltejs/kit'
import { apiOf, signInThen } from '#lib/api/client.ts'
import { isProblem } from '#lib/api/problem.ts'
import type { Me } from '#lib/api/types.ts'
import type { LayoutServerLoad } from './$types'

/** Who is reading. Read once a visit, not once a click: nothing here depends on the address. */
export const load: LayoutServerLoad = async ({ fetch, cookies, route, url, untrack }) => {
  const railFolded = cookies.get('tocsin_rail') === 'folded'
  const id = untrack(() => route.id)
  const open = !id || id.startsWith('/(door)')
  try {
    return { me: await apiOf(fetch).get<Me>('/me'), railFolded }
  } catch (error) {
    if (open) return { me: null, railFolded }
    if (isProblem(error, 401))
      redirect(
        303,
        untrack(() => signInThen(url)),
      )
    if (isProblem(error))
      failPage(error.status, { message: error.message, requestId: error.problem.request_id })
    throw error
  }
}
