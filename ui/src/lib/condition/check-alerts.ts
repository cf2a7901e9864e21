import type { RuleCheck } from '#lib/admin/rules.ts'
import { api } from '#lib/api/client.ts'
import { m } from '#lib/paraglide/messages.js'
import type { Checked } from './checked.ts'

const LAST = 100

/** Of how many of the latest alerts a condition holds; nothing is asked of none. */
export const checkAlerts = (when: string) => async (): Promise<Checked> => {
  if (when.trim() === '') return { error: null, words: '', examples: [] }
  const { error, checked, holds, examples } = await api.post<RuleCheck>('/rules/check', { when, last: LAST })
  return {
    error,
    words: checked === 0 ? m.rules_no_alerts() : m.quiet_condition_holds({ holds, checked }),
    examples: examples.map(({ alert, holds: does }, place) => ({
      key: alert?.id ?? `${place}`,
      title: alert?.title ?? '',
      holds: does,
    })),
  }
}
