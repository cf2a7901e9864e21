import type { RulesetVersion } from '#lib/admin/rules.ts'
import { loadFrom } from '#lib/api/client.ts'
import type { Kind, List, Named, Ref, State } from '#lib/api/types.ts'
import type { AutomationSet, RuleUse } from '#lib/automation/rules.ts'
import { m } from '#lib/paraglide/messages.js'
import type { PageLoad } from './$types'

export const load: PageLoad = async (event) => {
  const [automation, versions, facts, webhooks, policies, statuses, checklists, groups, tags] =
    await loadFrom(event, (api) =>
      Promise.all([
        api.get<AutomationSet & { use: RuleUse[]; next: { rule: string; at: string }[] }>(
          '/automation-rules',
        ),
        api.get<List<RulesetVersion>>('/automation-rules/versions', { limit: 20 }),
        api.get<List<{ name: string; type: string }>>('/triggers/facts'),
        api.get<List<Ref>>('/webhooks'),
        api.get<List<Ref>>('/escalation-policies'),
        api.get<List<Named & { kind: Kind; state: State }>>('/statuses'),
        api.get<List<Ref>>('/checklist-templates'),
        api.get<List<Ref>>('/people-groups'),
        api.get<List<{ name: string }>>('/tags', { limit: 100 }),
      ]),
    )
  return {
    automation,
    versions,
    facts: facts.items,
    webhooks: webhooks.items,
    policies: policies.items,
    statuses: statuses.items,
    checklists: checklists.items,
    groups: groups.items,
    tags: tags.items.map(({ name }) => name),
    place: m.automation(),
  }
}
