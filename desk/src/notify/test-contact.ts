import { randomUUID } from 'node:crypto'
import type { Db } from '@tocsin/db'
import { found, readNow, transact } from '../activity/index.ts'
import { unseal } from '../auth/index.ts'
import { callWebhook } from './call-webhook.ts'
import { type DeliveryDeps, mailHost } from './deliver.ts'
import { markFailing, markWorking } from './failing.ts'
import { htmlMail } from './html.ts'
import type { Locale } from './message-shape.ts'
import { MESSAGES } from './messages.ts'
import type { Sent } from './send.ts'

/** Sends a person a test over one of their contact methods, and answers what the other side made of it. */
export async function testContactMethod(
  deps: Pick<DeliveryDeps, 'secret' | 'publicUrl' | 'sendMail' | 'mayCall'> & { db: Db },
  personId: string,
  id: string,
): Promise<Sent> {
  const row = await deps.db
    .selectFrom('contact_method as c')
    .innerJoin('person as p', 'p.id', 'c.person_id')
    .select(['c.kind', 'c.address', 'c.secret_encrypted', 'p.locale', 'p.name'])
    .where('c.id', '=', id)
    .where('c.person_id', '=', personId)
    .where('c.archived_at', 'is', null)
    .executeTakeFirst()
  const method = found(row, 'contact method')
  const sent = await attempt(deps, method, personId)
  await transact(deps.db, { kind: 'person', id: personId }, async (tx) => {
    if (!sent.ok) return sent.retry ? undefined : markFailing(tx, id, sent)
    await tx.db.updateTable('contact_method').set({ verified_at: tx.now }).where('id', '=', id).execute()
    await markWorking(tx, id)
  })
  return sent
}

async function attempt(
  deps: Parameters<typeof testContactMethod>[0],
  method: { kind: string; address: string; secret_encrypted: Buffer | null; locale: Locale; name: string },
  personId: string,
): Promise<Sent> {
  const key = randomUUID()
  const words = MESSAGES[method.locale]
  if (method.kind === 'app') return { ok: true }
  if (method.kind === 'email')
    return deps.sendMail({
      messageId: `<test-${key}@${mailHost(deps.publicUrl)}>`,
      to: method.address,
      subject: words.test.subject,
      text: `${words.test.body}\n\n${words.sentBy}`,
      html: htmlMail(method.locale, [words.test.body, words.sentBy]),
      personId,
      ticketId: null,
    })
  const secret = method.secret_encrypted ? unseal(deps.secret, method.secret_encrypted) : ''
  const body = Buffer.from(
    JSON.stringify({ id: key, type: 'test', recipient: { id: personId, name: method.name } }),
  )
  const at = await readNow(deps.db)
  return callWebhook({ url: method.address, secret, key, body, at }, deps.mayCall)
}
