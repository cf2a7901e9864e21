/** What an address outside answered. */
export interface Visited {
  status: number
  text: string
}

/** The few addresses outside that a handshake needs; the adapter has checked whose they are. */
export interface Outside {
  /**
   * What lies at an address; a success is remembered, so that asking again asks nobody. Follows no redirect. Throws
   * where there is no answer in time, or a larger one than any certificate.
   */
  read: (url: URL) => Promise<Visited>
}

const DEADLINE_MS = 3_000
const BYTES = 65_536
const REMEMBERED = 100

export function outside(visit: typeof fetch = fetch): Outside {
  const known = new Map<string, Promise<Visited>>()
  return {
    read: ({ href }) => {
      const before = known.get(href)
      if (before) return before
      const visited = get(visit, href)
      known.set(href, visited)
      if (known.size > REMEMBERED) known.delete(known.keys().next().value!)
      visited.then(
        ({ status }) => {
          if (status !== 200) known.delete(href)
        },
        () => known.delete(href),
      )
      return visited
    },
  }
}

async function get(visit: typeof fetch, href: string): Promise<Visited> {
  const response = await visit(href, { redirect: 'error', signal: AbortSignal.timeout(DEADLINE_MS) })
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of response.body ?? []) {
    size += chunk.length
    if (size > BYTES) throw new Error(`more than ${BYTES} bytes came from outside`)
    chunks.push(chunk)
  }
  return { status: response.status, text: Buffer.concat(chunks).toString('utf8') }
}
