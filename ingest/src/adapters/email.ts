import { composeEvent, type Event, readMail } from '@tocsin/desk'
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

function readMessage(body: Fields, { receivedAt, mailRules }: Circumstances): Event {
  const from = firstText(body, 'from', 'sender', 'From') ?? ''
  const subject = firstText(body, 'subject', 'Subject') ?? ''
  const text = firstText(body, 'text', 'body-plain', 'plain') ?? ''
  if (!('subject' in body || 'Subject' in body) || (from === '' && subject === '' && text === ''))
    throw new WrongBody('There is no “subject” in it.')
  const meaning = readMail(mailRules, { from, subject, text })
  const loops = isFields(body.loop) ? firstText(body.loop, 'why') : null
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
