import { overwriteGetLocale } from '#lib/paraglide/runtime.js'
import { localeOfPage } from '#lib/text/locale.ts'

// The server has chosen the language; the page that arrived is the only truth about it here.
overwriteGetLocale(localeOfPage)
