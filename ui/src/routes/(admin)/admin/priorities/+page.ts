import { loadFrom } from '#lib/api/client.ts'
import { m } from '#lib/paraglide/messages.js'
import type { PageLoad } from './$types'
import type { SettingsPage } from './settings.ts'

export const load: PageLoad = async (event) => {
  const all = await loadFrom(event, (api) => api.get<SettingsPage>('/settings'))
  return { ...all, place: m.admin_priorities() }
}
