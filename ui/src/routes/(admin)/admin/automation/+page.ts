import type { RulesetVersion } from '#lib/admin/rules.ts'
import { loadFrom } from '#lib/api/client.ts'
import type { List, Ref } from '#lib/api/types.ts'
import type { AutomationSet, RuleUse } from '#lib/automation/rules.ts'
import { m } from '#lib/paraglide/messages.js'
import type { PageLoad } from './$types'

export const load: PageLoad = async (event) => {
  const [automation, versions, facts, webhooks, policies] = await loadFrom(event, (api) =>
    Promise.all([
      api.get<AutomationSet & { use: RuleUse[] }>('/automation-rules'),
      api.get<List<RulesetVersion>>('/automation-rules/versions', { limit: 20 }),
      api.get<List<{ name: string; type: string }>>('/triggers/facts'),
      api.get<List<Ref>>('/webhooks'),
      api.get<List<Ref>>('/escalation-policies'),
    ]),
  )
  return {
    automation,
    versions,
    facts: facts.items,
    webhooks: webhooks.items,
    policies: policies.items,
    place: m.automation(),
  }
}
