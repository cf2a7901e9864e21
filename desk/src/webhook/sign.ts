import { createHmac, randomBytes } from 'node:crypto'

/** A secret as the field writes it: `whsec_` and 32 bytes in base64. */
export const mintSecret = (): string => `whsec_${randomBytes(32).toString('base64')}`

const keyOf = (secret: string) => Buffer.from(secret.replace(/^whsec_/, ''), 'base64')

/**
 * The headers of Standard Webhooks: `v1,` and HMAC-SHA256 over `<id>.<seconds>.<body>` in base64, one for each
 * secret that holds, so that a receiver may change over at any moment of the overlap.
 */
export function signatureHeaders(
  secrets: readonly string[],
  { id, at, body }: { id: string; at: Date; body: Buffer },
): Record<string, string> {
  const seconds = String(Math.floor(at.getTime() / 1000))
  const signatures = secrets.map((secret) => {
    const digest = createHmac('sha256', keyOf(secret))
      .update(`${id}.${seconds}.`)
      .update(body)
      .digest('base64')
    return `v1,${digest}`
  })
  return { 'webhook-id': id, 'webhook-timestamp': seconds, 'webhook-signature': signatures.join(' ') }
}
