const SECRET = /auth|cookie|token|secret|key|password|signature/
const KEPT_HEADERS = 40

/** What is kept of a request's headers, and all that a mapping sees of them: no secrets, nothing long. */
export function keptHeaders(headers: Record<string, string>): Record<string, string> {
  const entries = Object.entries(headers).slice(0, KEPT_HEADERS)
  return Object.fromEntries(
    entries.map(([name, value]) => [
      name.slice(0, 100),
      SECRET.test(name) ? '[redacted]' : value.slice(0, 500),
    ]),
  )
}
