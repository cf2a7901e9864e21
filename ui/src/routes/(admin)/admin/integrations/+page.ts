import type { Integration } from '#lib/admin/integration.ts'
import { loadFrom } from '#lib/api/client.ts'
import type { IntegrationAccounting, List } from '#lib/api/types.ts'
import { m } from '#lib/paraglide/messages.js'
import type { PageLoad } from './$types'

export const load: PageLoad = async (event) =>
  loadFrom(event, async (api) => {
    const [{ items }, accounts] = await Promise.all([
      api.get<List<Integration>>('/integrations'),
      api.get<List<IntegrationAccounting>>('/accounting'),
    ])
    const accountOf = new Map(accounts.items.map((account) => [account.integration_id, account]))
    const integrations = items.map((one) => ({ ...one, accounting: accountOf.get(one.id) }))
    return { integrations, place: m.admin_integrations() }
  })
