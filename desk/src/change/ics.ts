export interface CalendarChange {
  number: string
  title: string
  state: string
  type: string
  risk: string | null
  service: string | null
  planned_start: Date
  planned_end: Date
  revision: number
}

const instant = (at: Date) => at.toISOString().replaceAll(/[-:]|\.\d{3}/g, '')
const escaped = (text: string) =>
  text.replaceAll(/[\\;,]/g, String.raw`\$&`).replaceAll(/\r\n|[\r\n]/g, String.raw`\n`)

/** RFC 5545: a line has 75 bytes at most, and goes on after a space; a character is never cut. */
function folded(line: string): string {
  const lines: string[] = []
  let held = ''
  let bytes = 0
  for (const character of line) {
    const size = Buffer.byteLength(character)
    if (bytes + size > 74) {
      lines.push(held)
      held = ''
      bytes = 1
    }
    held += character
    bytes += size
  }
  return [...lines, held].join('\r\n ')
}

/** Planned changes as an iCalendar file. */
export function changesCalendar(changes: CalendarChange[], publicUrl: string, now: Date): string {
  const host = new URL(publicUrl).hostname
  const events = changes.flatMap((change) => [
    'BEGIN:VEVENT',
    `UID:${change.number}@${host}`,
    `SEQUENCE:${change.revision}`,
    `DTSTAMP:${instant(now)}`,
    `DTSTART:${instant(change.planned_start)}`,
    `DTEND:${instant(change.planned_end)}`,
    `SUMMARY:${escaped(`${change.number} ${change.title}`)}`,
    `DESCRIPTION:${escaped([change.type, change.risk && `risk ${change.risk}`, change.service, change.state].filter(Boolean).join(' · '))}`,
    `URL:${publicUrl}/tickets/${change.number}`,
    `STATUS:${change.state === 'cancelled' ? 'CANCELLED' : change.state === 'new' || change.state === 'assess' || change.state === 'authorize' ? 'TENTATIVE' : 'CONFIRMED'}`,
    'END:VEVENT',
  ])
  return `${['BEGIN:VCALENDAR', 'VERSION:2.0', 'PRODID:-//Tocsin//Changes//EN', 'CALSCALE:GREGORIAN', ...events, 'END:VCALENDAR'].map(folded).join('\r\n')}\r\n`
}
