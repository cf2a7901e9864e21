import { createVerify, X509Certificate } from 'node:crypto'
import type { Outside } from '../outside.ts'
import { type Circumstances, type Fields, firstText, isFields } from './adapter.ts'
import { wordIn } from './fields.ts'
import { Forged } from './signature.ts'

const TYPES = ['Notification', 'SubscriptionConfirmation', 'UnsubscribeConfirmation']

export const isSnsEnvelope = (body: Fields): boolean =>
  TYPES.includes(firstText(body, 'Type') ?? '') && firstText(body, 'TopicArn') !== null

const HOST = /^sns\.([a-z0-9-]+)\.amazonaws\.com(\.cn)?$/
const TOPIC = /^arn:(aws[a-z-]*):sns:([a-z0-9-]+):\d+:/
// RSA with 2048, 3072 or 4096 bits.
const SIGNATURE_LENGTHS = [256, 384, 512]
const ALGORITHMS: Record<string, string> = { '1': 'RSA-SHA1', '2': 'RSA-SHA256' }

/**
 * Checks that a message is Amazon's and confirms a subscription by visiting its address, once. What cannot be
 * genuine is refused before anything is fetched. Throws `Forged`, or anything else where SNS must come again.
 */
export async function greetSns(
  body: unknown,
  _circumstances: Circumstances,
  _secrets: string[],
  outside: Outside,
): Promise<undefined> {
  // Raw delivery carries nothing to check: the key alone stands for it.
  if (!isFields(body) || !isSnsEnvelope(body)) return
  const certificateUrl = addressOf(body, 'SigningCertURL')
  if (!certificateUrl.pathname.endsWith('.pem'))
    throw new Forged('“SigningCertURL” does not name a certificate.')
  const signature = signatureOf(body)
  const algorithm = wordIn(ALGORITHMS, firstText(body, 'SignatureVersion'))
  if (!algorithm) throw new Forged('“SignatureVersion” must be 1 or 2.')
  const confirms = body.Type === 'SubscriptionConfirmation'
  const confirmation = confirms ? addressOf(body, 'SubscribeURL') : undefined

  const certificate = await outside.read(certificateUrl)
  // What Amazon does not have, nobody signed with; only its own trouble is worth another try.
  if (certificate.status >= 400 && certificate.status < 500) throw new Forged('There is no such certificate.')
  if (certificate.status !== 200) throw new Error(`the certificate was answered with ${certificate.status}`)
  if (!verified(certificate.text, algorithm, canonical(body), signature)) throw new Forged()

  if (!confirmation) return
  const { status } = await outside.read(confirmation)
  if (status !== 200) throw new Error(`the confirmation was answered with ${status}`)
}

/** An address of SNS in the topic's own region; anything else is somebody's who wants us to go there. */
function addressOf(body: Fields, name: string): URL {
  const text = firstText(body, name) ?? ''
  const url = URL.canParse(text) ? new URL(text) : undefined
  const [, region, china] = HOST.exec(url?.hostname ?? '') ?? []
  const [, partition, topicRegion] = TOPIC.exec(firstText(body, 'TopicArn') ?? '') ?? []
  const plain = url?.protocol === 'https:' && url.port === '' && url.username === '' && url.password === ''
  if (!url || !plain || !region) throw new Forged(`“${name}” is no address of Amazon SNS.`)
  if (region !== topicRegion || (partition === 'aws-cn') !== (china !== undefined))
    throw new Forged(`“${name}” is not of the region of its topic.`)
  return url
}

function signatureOf(body: Fields): Buffer {
  const text = firstText(body, 'Signature') ?? ''
  const signature = Buffer.from(text, 'base64')
  if (signature.toString('base64') !== text || !SIGNATURE_LENGTHS.includes(signature.length))
    throw new Forged('“Signature” is none.')
  return signature
}

/** What SNS signs: each of these fields that is there, in this order, name and value on lines of their own. */
function canonical(body: Fields): string {
  const names =
    body.Type === 'Notification'
      ? ['Message', 'MessageId', 'Subject', 'Timestamp', 'TopicArn', 'Type']
      : ['Message', 'MessageId', 'SubscribeURL', 'Timestamp', 'Token', 'TopicArn', 'Type']
  return names.map((name) => (typeof body[name] === 'string' ? `${name}\n${body[name]}\n` : '')).join('')
}

function verified(pem: string, algorithm: string, text: string, signature: Buffer): boolean {
  try {
    return createVerify(algorithm).update(text, 'utf8').verify(new X509Certificate(pem).publicKey, signature)
  } catch {
    // Not a certificate, or not for such signatures.
    return false
  }
}
