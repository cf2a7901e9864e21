const SECRET = /auth|cookie|token|secret|key|password|signature/
const KEPT_HEADERS = 40
const REMEMBERED = 1_000
const secrets = new Map<string, boolean>()

/** What is kept of a request's headers, and all that a mapping sees of them: no secrets, nothing long. */
export function keptHeaders(headers: Record<string, string>): Record<string, string> {
  const entries = Object.entries(headers).slice(0, KEPT_HEADERS)
  return Object.fromEntries(
    entries.map(([name, value]) => [name.slice(0, 100), isSecret(name) ? '[redacted]' : value.slice(0, 500)]),
  )
}

/** Remembered: senders use the same few names all the time. */
function isSecret(name: string): boolean {
  const known = secrets.get(name)
  if (known !== undefined) return known
  const secret = SECRET.test(name)
  if (secrets.size < REMEMBERED) secrets.set(name, secret)
  return secret
}
