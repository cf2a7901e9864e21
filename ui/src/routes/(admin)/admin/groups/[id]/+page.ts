import { loadThing } from '#lib/admin/load-thing.ts'
import type { Ref } from '#lib/api/types.ts'
import { m } from '#lib/paraglide/messages.js'
import type { PageLoad } from './$types'

export interface Group extends Ref {
  members: (Ref & { email: string | null })[]
  revision: number
}

export const load: PageLoad = async (event) => {
  const group = await loadThing<Group>(event, '/people-groups')
  return { group, place: group?.name ?? m.sla_group_new() }
}
