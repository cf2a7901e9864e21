import { createHmac, timingSafeEqual } from 'node:crypto'
import type { Circumstances, Signature } from './adapter.ts'

/** The proof is missing or wrong: 403, whatever the body says. */
export class Forged extends Error {
  constructor(message = 'The signature is missing or wrong.') {
    super(message)
    this.name = 'Forged'
  }
}

interface Hmac {
  header: string
  algorithm?: 'sha256' | 'sha1'
  encoding?: 'hex' | 'base64'
  /** What stands before each proof: `sha256=`, `v1=`. Several may be sent, with commas between. */
  prefix?: string
  /** What is signed, where it is not the bytes alone: any of these. */
  over?: (bytes: Buffer, circumstances: Circumstances) => Buffer[]
}

export function hmac({
  header,
  algorithm = 'sha256',
  encoding = 'hex',
  prefix = '',
  over = (bytes) => [bytes],
}: Hmac): Signature {
  return (bytes, circumstances, secrets) => {
    const given = (circumstances.headers[header] ?? '')
      .split(',')
      .map((proof) => proof.trim())
      .filter((proof) => proof.startsWith(prefix))
      .map((proof) => Buffer.from(proof.slice(prefix.length), encoding))
    const due = over(bytes, circumstances).flatMap((signed) =>
      secrets.map((secret) => createHmac(algorithm, secret).update(signed).digest()),
    )
    return due.some((one) =>
      given.some((proof) => proof.length === one.length && timingSafeEqual(proof, one)),
    )
  }
}

/** Senders that do not sign, but repeat a word that both sides know. */
export function sharedToken(header: string): Signature {
  return (_bytes, { headers }, secrets) => {
    const digest = (word: string) => createHmac('sha256', 'compare').update(word).digest()
    const given = digest(headers[header] ?? '')
    return secrets.some((secret) => timingSafeEqual(digest(secret), given))
  }
}
