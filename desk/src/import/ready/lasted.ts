import { isNumber, type Shown, wordsAt } from './shown.ts'

type Unit = 'ms' | 's' | 'min' | 'h' | 'd'
/** What lasted, of the names of columns that say how long, and not until when; working hours are no instants. */
const WHAT: [RegExp, string][] = [
  [/\b(?:first ack|ack time|acknowledge)/, 'acknowledged_at'],
  [/\b(?:first (?:response|reply)|response time|time to response)\b/, 'first_response_at'],
  [/\b(?:to resolve|resolution|solution in|resolve time)\b/, 'resolved_at'],
  [/\bclose time\b/, 'closed_at'],
]
const UNITS: [RegExp, Unit][] = [
  [/\b(?:ms|milliseconds?)\b/, 'ms'],
  [/\bsec(?:ond)?s?\b/, 's'],
  [/\bmin(?:ute)?s?\b/, 'min'],
  [/\bh(?:ou)?rs?\b/, 'h'],
  [/\bdays?\b/, 'd'],
]
const OTHER = /\b(?:business|working|target|diff|due|sla|age)\b/

/** Columns such as “seconds_to_resolve”, by the instant that they lead to from the opening. */
export function lastedColumns(plain: string[], shown: Shown): Map<string, { place: number; unit: Unit }> {
  const found = new Map<string, { place: number; unit: Unit }>()
  for (const [place, name] of plain.entries()) {
    const field = WHAT.find(([form]) => form.test(name))?.[1]
    const unit = UNITS.find(([form]) => form.test(name))?.[1]
    const words = wordsAt(shown, place)
    if (!field || !unit || OTHER.test(name) || found.has(field) || !words.every(isNumber)) continue
    found.set(field, { place, unit })
  }
  return found
}
