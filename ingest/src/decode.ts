import { clean, Malformed, type Parsed, parseJson } from './parse.ts'

const FIELDS = 1_000

/**
 * What a body says, whatever its sender calls it: several send JSON as text/plain, so it is taken for JSON
 * unless it is plainly a form. Throws `Malformed`.
 */
export async function decodeBody(bytes: Buffer, contentType = ''): Promise<Parsed> {
  const type = contentType.toLowerCase()
  if (type.startsWith('multipart/form-data')) return formFields(await multipart(bytes, contentType))
  const json = /^[\s\uFEFF]*[[{]/.test(bytes.subarray(0, 64).toString('utf8'))
  if (type.startsWith('application/x-www-form-urlencoded') && !json)
    return formFields(new URLSearchParams(bytes.toString('utf8')))
  return parseJson(bytes)
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
