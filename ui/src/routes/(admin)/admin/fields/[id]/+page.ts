import { error } from '@sveltejs/kit'
import { loadFrom } from '#lib/api/client.ts'
import type { List, Ref } from '#lib/api/types.ts'
import { m } from '#lib/paraglide/messages.js'
import { labelText } from '#lib/text/label.ts'
import type { PageLoad } from './$types'

interface Version {
  revision: number
  author: Ref | null
  created_at: string
}

export const load: PageLoad = async (event) => {
  const { id } = event.params
  if (id === 'new') return { field: null, versions: [], place: m.field_new() }
  const { fields } = await event.parent()
  const field = fields.find((one) => one.id === id)
  if (!field) error(404, { message: m.frame_error_missing() })
  const versions = await loadFrom(event, (api) => api.get<List<Version>>(`/fields/${id}/versions`))
  return { field, versions: versions.items, place: labelText(field.label) }
}
