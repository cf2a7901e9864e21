// npm run demo:storm — a core switch fails at one site: what stands behind it cries for two minutes, then recovers.
// --fast sends the same within seconds.
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'

interface Alert {
  status: 'firing' | 'resolved'
  labels: Record<string, string>
  annotations: Record<string, string>
  startsAt: string
  endsAt: string
  fingerprint: string
}

interface Cry {
  /** Seconds after the switch failed. */
  after: number
  alertname: string
  service: string
  severity: string
  host: string
  summary: string
}

const fast = process.argv.includes('--fast')
const seconds = fast ? 25 : 1000
const demo = readDemo()
const began = new Date()

const cries = storm()
const sent = await deliver(cries, 'firing')
console.log(
  `${cries.length} alerts of ${new Set(cries.map((cry) => cry.host)).size} hosts in ${sent} messages. Look: ${demo.app}/alerts`,
)
console.log('The switch is replaced …')
await pause(30 * seconds)
await deliver(cries, 'resolved')
console.log(`Everything has recovered; the incidents resolve in 15 seconds: ${demo.app}/tickets`)

function readDemo(): { app: string; ingest: string; integrations: Record<string, string> } {
  const file = join(resolve(process.env.TOCSIN_DATA ?? '.data'), 'demo.json')
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as ReturnType<typeof readDemo>
  } catch (error) {
    throw new Error(`${file} cannot be read: the storm needs a desk with the demo in it (npm start).`, {
      cause: error,
    })
  }
}

/** About 400 alerts from 60 hosts: first the switch, then the machines behind it, then what runs on those. */
function storm(): Cry[] {
  const hosts = [
    ...names('till-mil', 12).map((host) => ({ host, service: 'tills' })),
    ...names('ap-mil', 14).map((host) => ({ host, service: 'wifi' })),
    ...names('k8s-node', 10).map((host) => ({ host, service: 'platform' })),
    ...names('shop-api', 8).map((host) => ({ host, service: 'webshop' })),
    ...names('wms-app', 6).map((host) => ({ host, service: 'warehouse' })),
    ...names('db-shop', 4).map((host) => ({ host, service: 'databases' })),
    ...names('prn-mil', 5).map((host) => ({ host, service: 'printing' })),
  ]
  const symptoms = [
    { alertname: 'InstanceDown', severity: 'critical', after: 8, says: 'is unreachable' },
    { alertname: 'PacketLossHigh', severity: 'warning', after: 4, says: 'loses 38 % of its packets' },
    { alertname: 'HighLatency', severity: 'warning', after: 15, says: 'answers in more than 2 s' },
    { alertname: 'TargetMissing', severity: 'warning', after: 35, says: 'is not scraped any more' },
    { alertname: 'ConnectionsRefused', severity: 'error', after: 50, says: 'refuses connections' },
    { alertname: 'QueueGrowing', severity: 'warning', after: 70, says: 'cannot deliver its queue' },
    { alertname: 'HeartbeatMissing', severity: 'warning', after: 90, says: 'has sent no heartbeat' },
  ]
  const core: Cry = {
    after: 0,
    alertname: 'SwitchDown',
    service: 'wan',
    severity: 'critical',
    host: 'sw-mil-01',
    summary: 'sw-mil-01 does not answer to SNMP or ping',
  }
  const behind = hosts.flatMap(({ host, service }, place) =>
    symptoms
      // Printers know fewer ways to complain.
      .filter((_, index) => service !== 'printing' || index < 2)
      .map(({ alertname, severity, after, says }, index): Cry => ({
        after: after + ((place * 7 + index * 3) % 25),
        alertname,
        service,
        severity,
        host,
        summary: `${host} ${says}`,
      })),
  )
  return [core, ...behind].toSorted((a, b) => a.after - b.after)
}

function names(prefix: string, count: number): string[] {
  return Array.from({ length: count }, (_, index) => `${prefix}-${String(index + 1).padStart(2, '0')}`)
}

/** As Alertmanager does it with `group_by: [alertname, site]`: one incident a name, a message every few seconds. */
async function deliver(all: Cry[], status: Alert['status']): Promise<number> {
  let messages = 0
  const last = all.at(-1)!.after
  for (let from = 0; from <= last; from += 5) {
    const due = all.filter(({ after }) => after >= from && after < from + 5)
    for (const group of Map.groupBy(due, ({ alertname }) => alertname).values()) {
      await post(group, status)
      messages += 1
    }
    if (status === 'firing' || fast) await pause(5 * seconds)
  }
  return messages
}

async function post(group: Cry[], status: Alert['status']): Promise<void> {
  const { alertname } = group[0]!
  const now = new Date().toISOString()
  const alerts = group.map((cry): Alert => ({
    status,
    labels: {
      alertname,
      service: cry.service,
      severity: cry.severity,
      instance: cry.host,
      site: 'mil',
      storm: began.toISOString(),
    },
    annotations: { summary: cry.summary, description: 'Core switch sw-mil-01 failed.' },
    startsAt: new Date(began.getTime() + cry.after * seconds).toISOString(),
    endsAt: status === 'resolved' ? now : '0001-01-01T00:00:00Z',
    fingerprint: createHash('sha256').update(`${alertname}/${cry.host}`).digest('hex').slice(0, 16),
  }))
  const body = {
    version: '4',
    groupKey: `{}:{alertname="${alertname}", site="mil"}`,
    status,
    receiver: 'tocsin',
    groupLabels: { alertname, site: 'mil' },
    commonLabels: { alertname, site: 'mil' },
    commonAnnotations: {},
    externalURL: 'http://alertmanager.valdora.example',
    alerts,
  }
  const answer = await fetch(`${demo.ingest}/v1/alertmanager/${demo.integrations.alertmanager}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
  if (!answer.ok) throw new Error(`The desk answered ${answer.status}: ${await answer.text()}`)
}
