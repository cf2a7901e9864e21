import { DeskError } from '../activity/index.ts'

/** One property as RFC 5545 writes it, unfolded; its line is where it begins in the file. */
export interface IcalProperty {
  line: number
  name: string
  /** By upper-case name. */
  params: Map<string, string>
  value: string
}

/** The properties of one VEVENT, not those of alarms within it. */
export interface IcalEvent {
  line: number
  properties: IcalProperty[]
}

const MOST_EVENTS = 5_000

/** Refuses the text as a whole, with the line that is at fault. */
export function refuseIcal(line: number, message: string): never {
  throw new DeskError('invalid', 'This is no iCalendar file that can be read.', {
    errors: [{ path: 'text', message: `Line ${line}: ${message}` }],
  })
}

/** The events of an iCalendar file. Whatever is not an event may be in it; what is not closed, may not. */
export function icalEvents(text: string): IcalEvent[] {
  const events: IcalEvent[] = []
  const open: { name: string; line: number }[] = []
  let event: IcalEvent | undefined
  for (const property of properties(text)) {
    const { line, name, value } = property
    const component = value.toUpperCase()
    if (name === 'BEGIN') {
      if (open.length === 0 && component !== 'VCALENDAR') refuseIcal(line, 'expected BEGIN:VCALENDAR.')
      open.push({ name: component, line })
      if (component === 'VEVENT') {
        if (events.length === MOST_EVENTS) refuseIcal(line, `there are more than ${MOST_EVENTS} events.`)
        event = { line, properties: [] }
        events.push(event)
      }
    } else if (name === 'END') {
      const begun = open.pop()
      if (begun?.name !== component) refuseIcal(line, `END:${shown(value)} ends what was not begun.`)
      if (component === 'VEVENT') event = undefined
    } else if (open.length === 0) refuseIcal(line, 'expected BEGIN:VCALENDAR.')
    else if (event && open.at(-1)!.name === 'VEVENT') event.properties.push(property)
  }
  const unclosed = open.at(-1)
  if (unclosed)
    refuseIcal(unclosed.line, `BEGIN:${shown(unclosed.name)} is never ended; is the file cut off?`)
  if (events.length === 0) refuseIcal(1, 'there is no event (BEGIN:VEVENT) in it.')
  return events
}

const shown = (text: string): string => text.slice(0, 40)

const NAME = /^([A-Za-z0-9-]+)((?:;[A-Za-z0-9-]+=(?:"[^"]*"|[^";:]*))*):(.*)$/s
const PARAM = /;([A-Za-z0-9-]+)=(?:"([^"]*)"|([^";:]*))/g

function* properties(text: string): Generator<IcalProperty> {
  for (const { line, content } of unfold(text)) {
    const match = NAME.exec(content)
    if (!match) refuseIcal(line, 'expected NAME:value.')
    const [, name, params, value] = match as unknown as [string, string, string, string]
    yield {
      line,
      name: name.toUpperCase(),
      params: new Map(
        params.matchAll(PARAM).map(([, key, quoted, bare]) => [key!.toUpperCase(), quoted ?? bare ?? '']),
      ),
      value: value.trim(),
    }
  }
}

/** A line that begins with a space or a tab goes on where the one before ended, less that character. */
function* unfold(text: string): Generator<{ line: number; content: string }> {
  let held: { line: number; content: string } | undefined
  for (const [position, physical] of text
    .replace(/^\uFEFF/, '')
    .split(/\r\n|\n|\r/)
    .entries()) {
    if (/^[ \t]/.test(physical) && held) held.content += physical.slice(1)
    else if (physical.trim() !== '') {
      if (held) yield held
      held = { line: position + 1, content: physical }
    }
  }
  if (held) yield held
}
