import type { Locale } from './names.ts'

/** One text in the three languages of the house. */
export type Local = Record<Locale, string>

export const local = (en: string, fr: string, it: string): Local => ({ en, fr, it })
