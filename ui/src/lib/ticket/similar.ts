import type { Kind, Priority, State } from '#lib/api/types.ts'
import { m } from '#lib/paraglide/messages.js'

export interface SimilarTicket {
  number: string
  kind: Kind
  title: string
  state: State
  priority: Priority
  created_at: string
  resolved_at: string | null
  resolution_code: string | null
  why: { symptom: boolean; ci: boolean; service: boolean; category: boolean; words: string[] }
  solution: { kind: 'reply' | 'note'; author: string | null; at: string; text: string } | null
}

/** Why the two are alike, in a few words. */
export const whySimilar = ({ why }: SimilarTicket): string =>
  [
    why.symptom && m.similar_symptom(),
    why.ci && m.similar_ci(),
    why.service && !why.symptom && m.similar_service(),
    why.category && m.similar_category(),
    why.words.length > 0 && m.similar_words({ words: why.words.slice(0, 4).join(', ') }),
  ]
    .filter(Boolean)
    .join(' · ')
