import type { Integration } from '#lib/admin/integration.ts'
import type { RuleFacts, Ruleset, RulesetVersion, RuleUse } from '#lib/admin/rules.ts'
import { loadFrom } from '#lib/api/client.ts'
import type { List, Ref } from '#lib/api/types.ts'
import { m } from '#lib/paraglide/messages.js'
import type { PageLoad } from './$types'

export const load: PageLoad = async (event) => {
  const [ruleset, versions, facts, policies, replays, integrations] = await loadFrom(event, (api) =>
    Promise.all([
      api.get<Ruleset & { use: RuleUse[] }>('/rules'),
      api.get<List<RulesetVersion>>('/rules/versions', { limit: 20 }),
      api.get<RuleFacts>('/rules/facts'),
      api.get<List<Ref>>('/escalation-policies'),
      api.get<{ recorded_since: string | null }>('/replays', { limit: 1 }),
      api.get<List<Integration>>('/integrations'),
    ]),
  )
  return {
    ruleset,
    versions,
    facts,
    policies: policies.items,
    integrations: integrations.items,
    recordedSince: replays.recorded_since,
    place: m.admin_rules(),
  }
}
