import { loadFrom } from '#lib/api/client.ts'
import { busiestOf, managedBy, readAsked, readView } from './asked.ts'
import type { HeldOdds, OpenNow } from './types.ts'
import type { PageLoad } from './$types'

export const load: PageLoad = async ({ fetch, url, parent }) => {
  const { me, teams } = await parent()
  const managed = managedBy(me, teams)
  const given = readAsked(url.searchParams, managed)
  return loadFrom({ fetch, url }, async (api) => {
    const open = await api.get<OpenNow>('/live/open')
    const asked = { ...given, board: given.board || busiestOf(managed, open) }
    const [view, held] = await Promise.all([
      readView(api, asked, open),
      api.get<HeldOdds>('/live/held-odds', { team: asked.team }),
    ])
    return { asked, managed, view, held }
  })
}
