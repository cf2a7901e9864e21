import type { RulesetVersion } from '#lib/admin/rules.ts'
import { loadFrom } from '#lib/api/client.ts'
import type { List, Ref } from '#lib/api/types.ts'
import { m } from '#lib/paraglide/messages.js'
import type { RoutingSet, RoutingUse, Skill } from '#lib/routing/types.ts'
import type { PageLoad } from './$types'

export const load: PageLoad = async (event) => {
  const [routing, versions, facts, skills, groups] = await loadFrom(event, (api) =>
    Promise.all([
      api.get<RoutingSet & { use: RoutingUse[] }>('/routing-rules'),
      api.get<List<RulesetVersion>>('/routing-rules/versions', { limit: 20 }),
      api.get<List<{ name: string; type: string }>>('/routing-rules/facts'),
      api.get<List<Skill>>('/skills'),
      api.get<List<Ref>>('/people-groups'),
    ]),
  )
  return {
    routing,
    versions,
    facts: facts.items,
    skills: skills.items,
    groups: groups.items,
    place: m.routing(),
  }
}
