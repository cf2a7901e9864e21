import { isUtf8 } from 'node:buffer'
import { clean, Malformed, type Parsed, parseJson } from './parse.ts'

const FIELDS = 1_000

/**
 * What a body says, whatever its sender calls it: several send JSON as text/plain, so it is taken for JSON
 * unless it is plainly a form. Throws `Malformed`.
 */
export async function decodeBody(bytes: Buffer, contentType = ''): Promise<Parsed> {
  const type = contentType.toLowerCase()
  if (type.startsWith('multipart/form-data')) return formFields(await multipart(bytes, contentType))
  const charset = charsetOf(type)
  const json = /^[\s\uFEFF]*[[{]/.test(bytes.subarray(0, 64).toString('utf8'))
  if (type.startsWith('application/x-www-form-urlencoded') && !json)
    return formFields(
      charset === undefined ? new URLSearchParams(bytes.toString('utf8')) : pairsIn(bytes, charset),
    )
  if (charset === undefined) return parseJson(bytes)
  const text = textIn(bytes, charset)
  return { ...parseJson(Buffer.from(text)), recoded: !bytes.equals(Buffer.from(text)) }
}

/** Of a body whose header says that it is not UTF-8. */
function charsetOf(type: string): string | undefined {
  const charset = /;\s*charset=["']?([\w.:-]+)/.exec(type)?.[1]
  return charset === 'utf-8' || charset === 'utf8' || charset === 'us-ascii' ? undefined : charset
}

/** Many say ISO-8859-1 out of habit and write UTF-8: what is valid as that is taken for it. */
function textIn(bytes: Buffer, charset: string): string {
  if (isUtf8(bytes) && !charset.startsWith('utf-16')) return bytes.toString('utf8')
  try {
    return new TextDecoder(charset, { fatal: true }).decode(bytes)
  } catch (error) {
    throw new Malformed(`The body is not in “${charset.slice(0, 40)}”, or that is not known.`, error)
  }
}

/** A form's escapes are bytes of its charset, too. */
function pairsIn(bytes: Buffer, charset: string): [string, string][] {
  const said = (part: string) => {
    const raw = part
      .replaceAll('+', ' ')
      .replaceAll(/%([\da-f]{2})/gi, (_, hex: string) => String.fromCodePoint(Number.parseInt(hex, 16)))
    return textIn(Buffer.from(raw, 'latin1'), charset)
  }
  const pairs = bytes.toString('latin1').split('&')
  return pairs
    .filter((pair) => pair !== '')
    .map((pair) => {
      const [name = '', ...value] = pair.split('=')
      return [said(name), said(value.join('='))]
    })
}

async function multipart(bytes: Buffer, contentType: string): Promise<Iterable<[string, string]>> {
  const headers = { 'content-type': contentType }
  const form = await new Response(new Uint8Array(bytes), { headers }).formData().catch((error: unknown) => {
    throw new Malformed('The body is not the multipart form that its header announces.', error)
  })
  // A file is no field; nothing of what these senders say is in one.
  return [...form].flatMap(([name, value]) => (typeof value === 'string' ? [[name, value] as const] : []))
}

function formFields(entries: Iterable<[string, string]>): Parsed {
  const given = [...entries]
  const { value, changed } = clean(Object.fromEntries(given.slice(0, FIELDS)))
  const flags = [
    ...(changed ? ['text-replaced'] : []),
    ...(given.length > FIELDS ? ['fields-truncated'] : []),
  ]
  return { payload: value, flags }
}
