import { composeEvent, type Event } from '@tocsin/desk'
import { type Circumstances, type Fields, firstText } from './adapter.ts'
import { asFields, identity, present, wordIn } from './fields.ts'

const WORDS = ['short_description', 'long_description', 'alert_url', 'message']

const alertIn = (body: Fields): Fields | undefined => {
  const alert = asFields(body.alert ?? body)
  return WORDS.filter((name) => name in alert).length > 1 && 'application_name' in alert ? alert : undefined
}

const deploymentIn = (body: Fields): Fields | undefined => {
  const deployment = asFields(body.deployment ?? body)
  const own = ['deployment_url', 'deployed_by', 'revision'].filter((name) => name in deployment)
  return own.length > 1 && 'application_name' in deployment ? deployment : undefined
}

/** New Relic's webhook of 2013: a form whose field `alert` or `deployment` holds JSON, or that JSON alone. */
export const isFirstForm = (body: Fields): boolean => Boolean(alertIn(body) ?? deploymentIn(body))

export function readFirstForm(body: Fields, circumstances: Circumstances): Event {
  const alert = alertIn(body)
  return alert ? readAlert(alert, circumstances) : readDeployment(deploymentIn(body) ?? {}, circumstances)
}

const SEVERITIES: Record<string, Event['severity']> = {
  downtime: 'critical',
  critical: 'critical',
  caution: 'warning',
}

/** What happened stands in the sentences alone: “Alert opened on …”, “Ended alert on …”. */
function readAlert(alert: Fields, { receivedAt }: Circumstances): Event {
  const said = [alert.short_description, alert.long_description].map(String).join(' ')
  const kind = /\b(?:ended|closed|resolved|recovered|cancell?ed)\b/i.test(said)
    ? 'resolve'
    : /\backnowledged\b/i.test(said)
      ? 'acknowledge'
      : 'trigger'
  const application = firstText(alert, 'application_name', 'server_name')
  const url = firstText(alert, 'alert_url')
  const message = firstText(alert, 'message')
  const severity = firstText(alert, 'severity')
  return composeEvent(
    {
      kind,
      dedupKey: identity(
        'alert',
        ...(url ? [url.replace(/[?#].*$/, '')] : [firstText(alert, 'account_name'), application, message]),
      ),
      severity,
      severityAs: wordIn(SEVERITIES, severity?.toLowerCase()),
      title: message ?? firstText(alert, 'long_description', 'short_description'),
      resource: application,
      service: application,
      startsAt: kind === 'trigger' ? alert.created_at : null,
      endsAt: kind === 'resolve' ? alert.created_at : null,
      labels: present({ application, account: alert.account_name, servers: asText(alert.servers) }),
      annotations: present({ description: firstText(alert, 'long_description') }),
      link: url,
    },
    receivedAt,
  )
}

const asText = (list: unknown): string | null => (Array.isArray(list) ? list.map(String).join(', ') : null)

function readDeployment(deployment: Fields, { receivedAt }: Circumstances): Event {
  const application = firstText(deployment, 'application_name')
  const revision = firstText(deployment, 'revision')
  return composeEvent(
    {
      kind: 'change',
      dedupKey: identity('deployment', firstText(deployment, 'deployment_url') ?? application, revision),
      severity: null,
      severityAs: 'info',
      title: [application, revision].filter(Boolean).join(' '),
      resource: application,
      service: application,
      startsAt: deployment.created_at,
      labels: present({ application, revision, by: deployment.deployed_by }),
      annotations: present({ description: firstText(deployment, 'description', 'changelog') }),
      link: deployment.deployment_url,
    },
    receivedAt,
  )
}
