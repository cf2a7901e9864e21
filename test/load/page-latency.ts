// From the POST of a firing alert to its page handed to the mail server and to the webhook, through the door and the
// engine as processes of their own on one durable Postgres: `node test/load/page-latency.ts [alerts]`.
import { someone } from '../harness/api.ts'
import { anIntegration } from '../harness/door.ts'
import { startProcess } from '../harness/own-process.ts'
import { aContact, aPolicy, TEST_SECRET } from '../harness/paging.ts'
import { mailReceiver, webhookReceiver } from '../harness/receivers.ts'
import { until } from '../harness/until.ts'
import { percentile, tell } from './figures.ts'
import { type OwnPostgres, overPostgres } from './own-postgres.ts'

const LIMIT_MS = 1_000

/** Prints the distribution and answers whether p95 stayed within its limit. */
export const benchPageLatency = (alerts = 200): Promise<boolean> =>
  overPostgres((own) => measure(own, alerts))

async function measure({ db, url }: OwnPostgres, alerts: number): Promise<boolean> {
  const [mail, hook] = await Promise.all([mailReceiver(), webhookReceiver()])
  const door = await startProcess('ingest', url)
  const engine = await startProcess('engine', url, {
    SMTP_URL: mail.url,
    TOCSIN_SECRET: TEST_SECRET,
    TOCSIN_WEBHOOK_ALLOW: '127.0.0.0/8',
  })
  try {
    const ada = await someone(db)
    await aContact(db, ada.id, { kind: 'email', address: 'ada@example.test' })
    await aContact(db, ada.id, { kind: 'webhook', address: hook.url })
    const policy = await aPolicy(db, [{ wait_ms: 0, targets: [{ kind: 'person', id: ada.id }] }])
    const { key } = await anIntegration(db, { system: 'events', escalationPolicyId: policy })
    const took: Record<'mail' | 'webhook', number[]> = { mail: [], webhook: [] }
    for (let index = 0; index < alerts; index++) {
      const title = `alert-${index}-of-${alerts}`
      // Each is the first page of its minute: more would wait for their message, as they should.
      await db.updateTable('contact_method').set({ told_at: null }).execute()
      const begun = performance.now()
      const answer = await fetch(`${door.url}/v1/events/${key}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ dedup_key: title, title, status: 'firing', severity: 'critical' }),
      })
      if (!answer.ok) throw new Error(`the door answered ${answer.status}: ${await answer.text()}`)
      const arrival = (has: () => boolean) =>
        until(has, { deadline: 10_000, every: 2 }).then(() => performance.now() - begun)
      const [byMail, byHook] = await Promise.all([
        arrival(() => mail.mails.some((text) => text.includes(title))),
        arrival(() => hook.calls.some((call) => call.body.includes(title))),
      ])
      took.mail.push(byMail)
      took.webhook.push(byHook)
      mail.mails.length = 0
      hook.calls.length = 0
    }
    const within = Object.entries(took).map(([way, values]) =>
      tell(
        {
          figure: `POST to the page handed to ${way}, p95`,
          measured: Math.round(percentile(values, 0.95)),
          unit: 'ms',
          most: LIMIT_MS,
        },
        `p50 ${Math.round(percentile(values, 0.5))} ms, worst ${Math.round(Math.max(...values))} ms, n = ${values.length}`,
      ),
    )
    return within.every(Boolean)
  } finally {
    await Promise.all([door.stop(), engine.stop()])
    await Promise.all([mail.close(), hook.close()])
  }
}

if (import.meta.main) process.exitCode = (await benchPageLatency(Number(process.argv[2] ?? 200))) ? 0 : 1
