import type { Patience } from '#lib/admin/integration.ts'
import { m } from '#lib/paraglide/messages.js'

/** How patient one is, as a short list in words. */
export const patienceWords = ({ hold_seconds, threshold, flapping, expire_minutes }: Patience): string =>
  [
    hold_seconds > 0 ? m.patience_words_hold({ seconds: hold_seconds }) : m.patience_words_no_hold(),
    ...(threshold ? [m.patience_words_threshold(threshold)] : []),
    flapping ? m.patience_words_flapping(flapping) : m.patience_words_no_flapping(),
    expire_minutes === null
      ? m.patience_words_no_expire()
      : m.patience_words_expire({ minutes: expire_minutes }),
  ].join(', ')
