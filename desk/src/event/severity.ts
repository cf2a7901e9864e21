import type { Severity } from '@tocsin/db'

const WORDS: Record<Severity, string[]> = {
  critical: [
    'critical',
    'crit',
    'fatal',
    'emergency',
    'emerg',
    'alert',
    'page',
    'disaster',
    'p1',
    'sev1',
    'sev0',
  ],
  error: ['error', 'err', 'major', 'high', 'average', 'p2', 'sev2'],
  warning: ['warning', 'warn', 'minor', 'medium', 'moderate', 'p3', 'sev3'],
  info: [
    'info',
    'information',
    'informational',
    'notice',
    'low',
    'debug',
    'none',
    'p4',
    'p5',
    'sev4',
    'sev5',
  ],
  ok: ['ok', 'normal', 'clear', 'cleared', 'resolved', 'good'],
}
const BY_WORD = new Map(
  Object.entries(WORDS).flatMap(([severity, words]) =>
    words.map((word) => [word, severity as Severity] as const),
  ),
)

/** A sender's word for how bad it is in ours; an unknown word, or none, counts as a warning. */
export const severityOf = (word: string | null): Severity =>
  (word !== null && BY_WORD.get(word.trim().toLowerCase())) || 'warning'
