/** What `try` is asked with. */
export interface TryRequest {
  body: string
  headers: Record<string, string>
  path?: string
}

/**
 * A request out of what somebody pasted: a body, lines of `Name: value`, and what its sender adds to the address.
 * A body that comes without its type is given the one that it looks like.
 */
export function requestOf(body: string, headerLines: string, path: string): TryRequest {
  const headers = headersIn(headerLines)
  const type = headers['content-type'] ?? typeOf(body)
  return {
    // A text field keeps bare line feeds, and a multipart form is told apart by whole line ends.
    body: type?.startsWith('multipart/') ? body.replaceAll(/\r?\n/g, '\r\n') : body,
    headers: { ...headers, ...(type && { 'content-type': type }) },
    ...(path.trim() && { path: path.trim() }),
  }
}

/** `Name: value` a line, also as `curl -v` and `-H` write it; the request line and what is no header are left out. */
function headersIn(lines: string): Record<string, string> {
  const pairs = lines.split('\n').flatMap((line): [string, string][] => {
    const [, name, value] =
      /^\s*(?:[<>]\s|-H\s+)?['"]?([\w!#$%&'*+.^`|~-]+):\s*(.*?)['"\\\s]*$/.exec(line) ?? []
    return name && value ? [[name.toLowerCase(), value]] : []
  })
  return Object.fromEntries(pairs)
}

function typeOf(body: string): string | undefined {
  const [, boundary] = /^\s*--([^\s]{1,70})\r?\n/.exec(body) ?? []
  if (boundary) return `multipart/form-data; boundary=${boundary}`
  return /^\s*[\w.%+[\]-]+=/.test(body) ? 'application/x-www-form-urlencoded' : undefined
}
