import { createSign, generateKeyPairSync, type KeyObject, randomUUID } from 'node:crypto'

const REGION = 'eu-south-1'
export const SNS = `https://sns.${REGION}.amazonaws.com`

type Message = Record<string, string>

/** A stand-in for Amazon's side: it signs messages, and answers at its addresses; `visits` is who came, in order. */
export function amazonSns() {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const certificate = certificateOf(privateKey, publicKey)
  const visits: string[] = []
  const answers = new Map<string, () => Response | Promise<Response>>()
  const visit = (async (address: string) => {
    visits.push(address)
    return (answers.get(address) ?? (() => new Response(null, { status: 404 })))()
  }) as typeof fetch
  const at = (path: string, answer: () => Response | Promise<Response>) => {
    answers.set(`${SNS}${path}`, answer)
    return `${SNS}${path}`
  }
  const certificateUrl = at('/SimpleNotificationService-1.pem', () => new Response(certificate))

  const message = (fields: Message): Message => ({
    Type: 'Notification',
    MessageId: randomUUID(),
    TopicArn: `arn:aws:sns:${REGION}:210987654321:ops`,
    Timestamp: '2026-03-02T04:11:10.000Z',
    SignatureVersion: '2',
    SigningCertURL: certificateUrl,
    ...fields,
  })
  /** As Amazon documents it: these fields, in the order of their names. */
  const signed = (fields: Message): Message => {
    const whole = message(fields)
    const names = [
      'Message',
      'MessageId',
      'SubscribeURL',
      'Subject',
      'Timestamp',
      'Token',
      'TopicArn',
      'Type',
    ]
    const text = names
      .filter((name) => name in whole && !(whole.Type === 'Notification' && name === 'SubscribeURL'))
      .map((name) => `${name}\n${whole[name]}\n`)
      .join('')
    const sign = createSign(whole.SignatureVersion === '1' ? 'RSA-SHA1' : 'RSA-SHA256')
    return { ...whole, Signature: sign.update(text).sign(privateKey, 'base64') }
  }
  return { visits, visit, at, certificateUrl, signed }
}

/** The least that is a certificate: a key, signed by itself. */
function certificateOf(privateKey: KeyObject, publicKey: KeyObject): string {
  const algorithm = der(0x30, Buffer.from('06092a864886f70d01010b0500', 'hex'))
  const nobody = der(0x30)
  const validity = der(0x30, der(0x17, Buffer.from('260101000000Z')), der(0x17, Buffer.from('460101000000Z')))
  const spki = publicKey.export({ type: 'spki', format: 'der' })
  const body = der(0x30, der(0x02, Buffer.from([1])), algorithm, nobody, validity, nobody, spki)
  const signature = createSign('RSA-SHA256').update(body).sign(privateKey)
  const whole = der(0x30, body, algorithm, der(0x03, Buffer.from([0]), signature))
  return `-----BEGIN CERTIFICATE-----\n${whole.toString('base64').replaceAll(/.{64}/g, '$&\n')}\n-----END CERTIFICATE-----\n`
}

function der(tag: number, ...parts: Buffer[]): Buffer {
  const value = Buffer.concat(parts)
  const size = value.length < 128 ? [value.length] : [0x82, value.length >> 8, value.length & 255]
  return Buffer.concat([Buffer.from([tag, ...size]), value])
}
