/** Where senders reach the machines' door, as its own addresses; `<key>` stands for the integration's key. */
export interface Door {
  /** With the key in the path: `http://tocsin:3001/v1/alertmanager/<key>`. */
  url: string
  /** The same without the key, for senders that can put it into a header. */
  keyless: string
  scheme: 'http' | 'https'
  /** Name and port. */
  host: string
}

export interface Snippet {
  /** The file, or the place in the sender's own pages, where it goes. */
  file: string
  language: 'yaml' | 'sh' | 'json' | 'ini' | 'http' | 'text'
  text: string
}

/** A monitoring system that has a door: one entry in `SYSTEMS`. */
export interface Sender {
  /** As its makers write it. */
  name: string
  /** How the sender can prove that a body is its own, where it can. */
  proof?: 'signature' | 'token'
  /** What to paste where. A system that has none of its own is told what every webhook needs. */
  configuration?: (door: Door) => Snippet[]
}

const KEY = '<key>'

/** The configuration of a sender, ready to copy but for the key. `ingestUrl` is where the door is reached. */
export function configurationOf(
  system: string,
  { configuration = anyWebhook }: Sender,
  ingestUrl: string,
): { url: string; snippets: Snippet[] } {
  const { origin, host, protocol } = new URL(ingestUrl)
  const keyless = `${origin}/v1/${system}`
  const url = `${keyless}/${KEY}`
  const scheme = protocol === 'https:' ? 'https' : 'http'
  return { url, snippets: configuration({ url, keyless, scheme, host }) }
}

/** The request itself, in the form that needs no translation; the second where keys must stay out of addresses. */
const anyWebhook = ({ url, keyless }: Door): Snippet[] => [
  { file: 'Webhook', language: 'http', text: `POST ${url}\nContent-Type: application/json\n` },
  {
    file: 'Webhook, Authorization',
    language: 'http',
    text: `POST ${keyless}\nAuthorization: Bearer ${KEY}\nContent-Type: application/json\n`,
  },
]
