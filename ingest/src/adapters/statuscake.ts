import { createHash, timingSafeEqual } from 'node:crypto'
import { composeEvent, type Event } from '@tocsin/desk'
import {
  type Circumstances,
  defineAdapter,
  type Fields,
  firstText,
  type Signature,
  WrongBody,
} from './adapter.ts'
import { identity } from './fields.ts'
import { saidLabels } from './labels.ts'

/** StatusCake: a form. Its only proof is the field `Token`, the same in every message of an account. */
export const statuscake = defineAdapter({
  expects: 'a StatusCake form with “Status” (Up or Down), “Name”, “URL” and “TestID”',
  readOne: readChange,
  signature: accountToken(),
  secretFields: ['Token'],
})

function readChange(body: Fields, { receivedAt }: Circumstances): Event {
  const status = firstText(body, 'Status')
  const name = firstText(body, 'Name')
  const url = firstText(body, 'URL')
  const test = firstText(body, 'TestID')
  const code = firstText(body, 'StatusCode')
  if (status === null || (test === null && name === null && url === null))
    throw new WrongBody('It has no “Status”, or names no test.')
  const kind = /^down$/i.test(status) ? 'trigger' : /^up$/i.test(status) ? 'resolve' : 'note'
  return composeEvent(
    {
      kind,
      dedupKey: test ?? identity(name, url),
      severity: null,
      severityAs: kind === 'trigger' ? 'critical' : 'ok',
      title: name ?? url,
      resource: url,
      labels: saidLabels({
        test: name,
        method: body.Method,
        tags: body.Tags,
        ip: body.IP,
        status_code: body.StatusCode,
      }),
      annotations: saidLabels({
        // StatusCake writes 0 where there was no answer at all.
        description: code === '0' ? 'No answer in time.' : code && `HTTP status ${code}`,
      }),
      link: url,
    },
    receivedAt,
  )
}

/** `Token` is md5(small letters of the user name + API key); the integration's secret is that word, or what it is made of. */
function accountToken(): Signature {
  const digest = (word: string) => createHash('sha256').update(word).digest()
  const md5 = (word: string) => createHash('md5').update(word).digest('hex')
  return (bytes, _circumstances, secrets) => {
    const given = digest(new URLSearchParams(bytes.toString('utf8')).get('Token') ?? '')
    return secrets
      .flatMap((secret) => [secret, md5(secret)])
      .some((word) => timingSafeEqual(digest(word), given))
  }
}
