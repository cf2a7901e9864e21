import type { AlertLine } from '#lib/api/types.ts'
import { m } from '#lib/paraglide/messages.js'
import { currentLocale } from '#lib/text/locale.ts'
import { dayAndTime } from '#lib/time/exact.ts'
import { zoneOfReader } from '#lib/time/reader-zone.ts'

export type Restrained = Pick<AlertLine, 'held' | 'flapping' | 'snoozed_until'>

const when = (at: string | null) => (at ? dayAndTime(at, currentLocale(), zoneOfReader()) : '…')

/** Why an alert is quiet although it fires, in a sentence; empty where nothing holds it. */
export function heldWords({ held, flapping, snoozed_until }: Restrained): string {
  if (!held && snoozed_until) return m.held_snoozed({ until: when(snoozed_until) })
  if (!held) return flapping ? m.held_restless() : ''
  const until = when(held.until)
  const sentences = {
    threshold: () =>
      m.held_threshold({ needs: held.needs ?? 0, minutes: held.minutes ?? 0, seen: held.seen ?? 0 }),
    hold: () => m.held_hold({ until }),
    flapping: () => m.held_flapping({ until }),
    snoozed: () => m.held_snoozed({ until }),
    maintenance: () =>
      held.window
        ? m.held_maintenance_reason({ until, reason: held.window.reason })
        : m.held_maintenance({ until }),
    proposed: () => m.held_proposed(),
  }
  return sentences[held.by]()
}
