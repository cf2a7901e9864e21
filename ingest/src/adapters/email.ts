import { composeEvent, type Event, type ReceivedMail, readMail } from '@tocsin/desk'
import { type Circumstances, defineAdapter, type Fields, firstText, isFields, WrongBody } from './adapter.ts'
import { saidLabels } from './labels.ts'

const KINDS = { trigger: 'trigger', acknowledge: 'acknowledge', resolve: 'resolve', ignore: 'note' } as const

/**
 * A mail to the integration's own address, or the same as JSON or form from a mail gateway. What it means is said
 * by the integration's rules. Bounces, automatic answers and our own mails are notes, whatever they say.
 */
export const email = defineAdapter({
  expects: 'a mail {"from": "…", "subject": "…", "text": "…"}',
  readOne: readMessage,
})

/** What rules may look at, and why it must never page whatever they say. */
export function mailOf(body: Fields): ReceivedMail & { loops: string | null } {
  const from = firstText(body, 'from', 'sender', 'From') ?? ''
  const subject = firstText(body, 'subject', 'Subject') ?? ''
  const text = firstText(body, 'text', 'body-plain', 'plain') ?? ''
  const isMail = ['from', 'sender', 'From', 'text', 'body-plain', 'plain'].some((name) => name in body)
  if (!('subject' in body || 'Subject' in body) || !isMail || (from === '' && subject === '' && text === ''))
    throw new WrongBody('There is no “subject” in it, or neither a sender nor a text.')
  return { from, subject, text, loops: isFields(body.loop) ? firstText(body.loop, 'why') : null }
}

function readMessage(body: Fields, { receivedAt, mailRules }: Circumstances): Event {
  const { loops, ...mail } = mailOf(body)
  const { from, text } = mail
  const meaning = readMail(mailRules, mail)
  return composeEvent(
    {
      kind: loops ? 'note' : KINDS[meaning.means],
      dedupKey: meaning.dedupKey,
      severity: meaning.severity,
      severityAs: meaning.means === 'resolve' ? 'ok' : undefined,
      title: meaning.title,
      labels: saidLabels({ from, rule: meaning.rule, loop: loops }),
      annotations: saidLabels({ description: text }),
    },
    receivedAt,
  )
}
