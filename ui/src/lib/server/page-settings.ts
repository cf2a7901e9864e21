import type { RequestEvent } from '@sveltejs/kit'

export const themes = ['light', 'dark'] as const
export const locales = ['en', 'fr', 'it'] as const
export type Locale = (typeof locales)[number]

/** The theme of the cookie, or 'system', which the style sheet resolves without a flash. */
export function chosenTheme(event: RequestEvent): 'light' | 'dark' | 'system' {
  const value = event.cookies.get('tocsin_theme')
  return themes.find((theme) => theme === value) ?? 'system'
}

/** The language of the cookie (set at sign-in from the person), else the browser's first that we speak. */
export function chosenLocale(event: RequestEvent): Locale {
  const value = event.cookies.get('tocsin_locale')
  return locales.find((locale) => locale === value) ?? preferred(event.request.headers.get('accept-language'))
}

/** The first supported language of an Accept-Language header by its weights. */
export function preferred(header: string | null): Locale {
  const wishes = (header ?? '').split(',').map((part) => {
    const [tag = '', ...parameters] = part.trim().split(';')
    const weight = parameters.find((parameter) => parameter.trim().startsWith('q='))?.split('=')[1]
    return { language: tag.toLowerCase().split('-')[0], weight: weight ? Number(weight) : 1 }
  })
  wishes.sort((a, b) => b.weight - a.weight)
  for (const { language, weight } of wishes) {
    const locale = weight > 0 ? locales.find((known) => known === language) : undefined
    if (locale) return locale
  }
  return 'en'
}
