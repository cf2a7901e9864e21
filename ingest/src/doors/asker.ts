import type { Context } from 'hono'
import type { System } from '@tocsin/desk'
import type { Authenticate, Sender } from '../authenticate.ts'

export interface Doorkeeper {
  authenticate: Authenticate
  admit: (integrationId: string, rate: number) => boolean
}

/** Who reads here, by the integration's key: in the path, as bearer token, GenieKey or password. */
export async function askerOf(
  { authenticate, admit }: Doorkeeper,
  c: Context,
  systems: System[],
): Promise<Sender | 'unknown' | 'limited'> {
  const sender = await authenticate(keyIn(c))
  if (!sender || !systems.includes(sender.system)) return 'unknown'
  return admit(sender.integrationId, sender.rate) ? sender : 'limited'
}

function keyIn(c: Context): string {
  const inPath = c.req.param('key')
  if (inPath) return inPath
  const [, scheme = '', word = ''] =
    /^(bearer|basic|geniekey) +(\S+)$/i.exec(c.req.header('authorization') ?? '') ?? []
  if (scheme.toLowerCase() !== 'basic') return word
  const [, ...password] = Buffer.from(word, 'base64').toString('utf8').split(':')
  return password.join(':')
}
