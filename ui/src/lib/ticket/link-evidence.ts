import { m } from '#lib/paraglide/messages.js'
import { type Label, labelText } from '#lib/text/label.ts'
import { currentLocale } from '#lib/text/locale.ts'
import { durationWords } from '#lib/time/duration.ts'
import type { AlertLink } from './ticket-page.ts'

interface Kept {
  name?: string
  matched?: Record<string, unknown>
  beside?: 'service_map' | 'same_ci' | 'storm' | 'limit' | 'hold'
  openings?: number
  most_per_hour?: number
  window_minutes?: number | null
  gap_ms?: number
}

/** Why an alert stands in its ticket, in sentences made from what was kept with the decision. */
export function evidenceWords({ rule, rule_version, evidence, told, detached }: AlertLink): string[] {
  const kept = (evidence ?? {}) as Kept
  const matched = Object.entries(kept.matched ?? {}).map(
    ([field, value]) => `${field === 'group_key' ? m.evidence_group_key() : field} = ${String(value)}`,
  )
  return [
    ...ruleWords(rule, rule_version, kept.name),
    ...(kept.beside ? besideWords(kept, told) : []),
    ...(!kept.beside && matched.length > 0 ? [m.evidence_matched({ fields: matched.join(', ') })] : []),
    ...(kept.window_minutes && kept.gap_ms !== undefined && !kept.beside
      ? [
          m.evidence_window({
            gap: durationWords(kept.gap_ms, currentLocale()),
            minutes: kept.window_minutes,
          }),
        ]
      : []),
    ...(detached ? [detachedWords(detached)] : []),
  ]
}

function ruleWords(rule: string, version: number, name: string | undefined): string[] {
  if (rule === 'person') return [m.evidence_person()]
  return [name ? m.evidence_rule({ name, version }) : m.evidence_default({ version })]
}

function besideWords(kept: Kept, { path }: AlertLink['told']): string[] {
  const names = path.map(({ name }) => labelText(name as Label))
  if (kept.beside === 'service_map') return [m.evidence_map({ path: names.join(' → ') })]
  if (kept.beside === 'hold') return [m.evidence_hold()]
  if (kept.beside === 'limit') return [m.evidence_limit({ most: kept.most_per_hour ?? 0 })]
  if (kept.beside === 'same_ci') return [m.evidence_same_ci({ name: names[0] ?? '' })]
  return [m.evidence_storm({ openings: kept.openings ?? 0, minutes: kept.window_minutes ?? 0 })]
}

function detachedWords({ by, why }: NonNullable<AlertLink['detached']>): string {
  const name = by?.name ?? m.story_somebody()
  return why ? m.evidence_detached_why({ name, why }) : m.evidence_detached({ name })
}
