import type { SlaClock } from '#lib/api/types.ts'
import type { Locale } from '#lib/text/locale.ts'
import { m } from '#lib/paraglide/messages.js'
import { workingWords } from '#lib/time/relative.ts'

/** How much of the promise is used; or that another desk measured it, and told no more than the outcome. */
export function slaUsed({ elapsed_ms, target_ms }: SlaClock, locale: Locale): string {
  if (elapsed_ms === null || target_ms === null) return m.sla_imported()
  return m.sla_of({ elapsed: workingWords(elapsed_ms, locale), target: workingWords(target_ms, locale) })
}
