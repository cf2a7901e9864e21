import { loadFrom } from '#lib/api/client.ts'
import { m } from '#lib/paraglide/messages.js'
import type { PageLoad } from './$types'

export const load: PageLoad = async (event) => {
  const grants = await loadFrom(event, (api) =>
    api.get<Record<string, Record<string, string>>>('/permissions'),
  )
  return { grants, place: m.admin_permissions() }
}
