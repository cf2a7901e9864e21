import type { Unreadable } from '@tocsin/desk'
import type { Adapter } from './adapters/adapter.ts'

type Redacts = Pick<Adapter, 'secretFields'>

// A value that was cut off in the middle has no closing quote.
const VALUE = String.raw`(?:"(?:[^"\\]|\\.)*"?|-?\d[\d.eE+-]*)`

/** JSON or a form with the values of these fields taken out, wherever they stand; the rest to the letter. */
export function redactText({ secretFields }: Redacts, text: string): string {
  if (secretFields.length === 0) return text
  const names = `(?:${secretFields.join('|')})`
  return text
    .replace(new RegExp(String.raw`("${names}"\s*:\s*)${VALUE}`, 'g'), '$1"[redacted]"')
    .replace(new RegExp(`((?:^|&)${names}=)[^&]*`, 'g'), '$1[redacted]')
}

/** The body as it may be kept. Read byte by byte, so that one that is no text stays what it is. */
export const redactBody = (adapter: Redacts, bytes: Buffer): Buffer =>
  adapter.secretFields.length === 0
    ? bytes
    : Buffer.from(redactText(adapter, bytes.toString('latin1')), 'latin1')

export const redactElement = (adapter: Redacts, unreadable: Unreadable): Unreadable => ({
  ...unreadable,
  element: redactText(adapter, unreadable.element),
})
