import { loadThing } from '#lib/admin/load-thing.ts'
import type { TeamDetail } from '#lib/admin/types.ts'
import { loadFrom } from '#lib/api/client.ts'
import type { List, Ref } from '#lib/api/types.ts'
import { m } from '#lib/paraglide/messages.js'
import type { Skill, TeamAssignment } from '#lib/routing/types.ts'
import type { PageLoad } from './$types'

export const load: PageLoad = async (event) => {
  const team = await loadThing<TeamDetail>(event, '/teams')
  const place = team?.name ?? m.admin_new_team()
  if (!team) return { team, place, handing: undefined }
  const [assignment, skills, calendars, schedules] = await loadFrom(event, (api) =>
    Promise.all([
      api.get<TeamAssignment>(`/teams/${team.id}/assignment`),
      api.get<List<Skill>>('/skills'),
      api.get<List<Ref>>('/calendars'),
      api.get<List<Ref>>('/schedules'),
    ]),
  )
  const handing = {
    assignment,
    skills: skills.items,
    calendars: calendars.items,
    schedules: schedules.items,
  }
  return { team, place, handing }
}
