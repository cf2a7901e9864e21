import { createCipheriv, createDecipheriv, hash, hkdfSync, randomBytes } from 'node:crypto'

/** A new key: shown once, 256 bits, with a prefix that secret scanners can know. */
export function mintKey(prefix: 'toc' | 'ack'): { key: string; hash: Buffer; hint: string } {
  const key = `${prefix}_${randomBytes(32).toString('base64url')}`
  return { key, hash: hashKey(key), hint: `${key.slice(0, 8)}…` }
}

/** Keys have full entropy, so a plain digest is enough to store them. */
export const hashKey = (key: string): Buffer => hash('sha256', key, 'buffer')

const ALGORITHM = 'aes-256-gcm'
const keyFor = (secret: string) => Buffer.from(hkdfSync('sha256', secret, 'tocsin', 'secrets at rest', 32))

/** Encrypts a provider's secret under TOCSIN_SECRET: nonce (12), tag (16), ciphertext. */
export function seal(secret: string, plain: string): Buffer {
  const nonce = randomBytes(12)
  const cipher = createCipheriv(ALGORITHM, keyFor(secret), nonce)
  const body = Buffer.concat([cipher.update(plain, 'utf8'), cipher.final()])
  return Buffer.concat([nonce, cipher.getAuthTag(), body])
}

/** Throws when the secret is another or the bytes were changed. */
export function unseal(secret: string, sealed: Buffer): string {
  const decipher = createDecipheriv(ALGORITHM, keyFor(secret), sealed.subarray(0, 12))
  decipher.setAuthTag(sealed.subarray(12, 28))
  return Buffer.concat([decipher.update(sealed.subarray(28)), decipher.final()]).toString('utf8')
}
