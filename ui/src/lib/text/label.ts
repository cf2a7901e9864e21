import { type Locale, currentLocale } from './locale.ts'

/** A name as it is kept for readers of several languages. */
export type Label = string | ({ en: string } & Partial<Record<Locale, string | null>>)

/** The name in the language of this page, English where it is not translated. */
export function labelText(label: Label | null | undefined, locale: Locale = currentLocale()): string {
  if (!label) return ''
  return typeof label === 'string' ? label : label[locale] || label.en
}
