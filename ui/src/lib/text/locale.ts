import { getLocale } from '#lib/paraglide/runtime.js'

export type Locale = 'en' | 'fr' | 'it'

export const localeNames: Record<Locale, string> = { en: 'English', fr: 'Français', it: 'Italiano' }

/** The language that the server rendered this page in. */
export function localeOfPage(): Locale {
  const lang = document.documentElement.lang
  return lang === 'fr' || lang === 'it' ? lang : 'en'
}

/** The language in force, on the server and in the browser alike. */
export const currentLocale = (): Locale => getLocale()

/** Dates and times in this language; an English desk counts the hours to 24, and puts the day before the month. */
export const dateLocale = (locale: Locale): string => (locale === 'en' ? 'en-GB' : locale)

type Choice = 'tocsin_locale' | 'tocsin_theme' | 'tocsin_rail'

const year = 31_536_000

/** Keeps a choice of this browser where the server can see it before rendering. */
export function rememberChoice(name: Choice, value: string): void {
  document.cookie = `${name}=${value}; path=/; max-age=${year}; samesite=lax`
}

export function forgetChoice(name: Choice): void {
  document.cookie = `${name}=; path=/; max-age=0; samesite=lax`
}
