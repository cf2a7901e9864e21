import { apiOf } from '#lib/api/client.ts'
import { isProblem } from '#lib/api/problem.ts'
import type { Priority } from '#lib/api/types.ts'
import type { PageLoad } from './$types'

export interface LinkedTicket {
  number: string
  title: string
  state: string
  priority: Priority
}

/** Looking changes nothing: mail scanners follow links too. */
export const load: PageLoad = async ({ fetch, params }) => {
  try {
    const ticket = await apiOf(fetch).get<LinkedTicket>(`/acknowledge/${encodeURIComponent(params.token)}`)
    return { ticket, refused: undefined }
  } catch (error) {
    if (isProblem(error, 410)) return { ticket: undefined, refused: 'gone' as const }
    if (isProblem(error, 404)) return { ticket: undefined, refused: 'unknown' as const }
    throw error
  }
}
