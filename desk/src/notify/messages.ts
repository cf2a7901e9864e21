import type { Locale, Messages } from './message-shape.ts'
import { en } from './messages/en.ts'
import { fr } from './messages/fr.ts'
import { it } from './messages/it.ts'

export const MESSAGES: Record<Locale, Messages> = { en, fr, it }

/** An instant as its reader would write it, with the zone named. */
export const instantFor = (instant: Date, locale: Locale, zone: string): string =>
  new Intl.DateTimeFormat(locale, {
    year: 'numeric',
    month: 'short',
    day: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
    timeZone: zone,
    timeZoneName: 'short',
  }).format(instant)
