import { composeEvent, type Event, type Read } from '@tocsin/desk'
import { type Circumstances, defineAdapter, type Fields, firstText, within, WrongBody } from './adapter.ts'
import { asFields, identity, present, textAt, wordIn } from './fields.ts'

const SEVERITIES: Record<string, Read['severityAs']> = {
  alert: 'error',
  fired: 'error',
  'no data': 'warning',
  recovered: 'ok',
}

/** Kibana's webhook action: a template of the user's. On recovery its context is often empty. */
export const kibana = defineAdapter({
  expects: 'a webhook of Kibana with “rule” and “alert” as docs/integrations.md has them',
  readOne: (body, circumstances) => {
    const [rule, alert] = [asFields(body.rule), asFields(body.alert)]
    const flat = {
      rule: {
        id: firstText(body, 'rule_id', 'ruleId', 'alertId'),
        name: firstText(body, 'rule_name', 'ruleName', 'alertName'),
      },
      alert: {
        id: firstText(body, 'alert_id', 'alertInstanceId'),
        actionGroup: firstText(body, 'action_group', 'alertActionGroup'),
        actionGroupName: firstText(body, 'action_group_name', 'alertActionGroupName'),
      },
    }
    const said = { rule: { ...flat.rule, ...rule }, alert: { ...flat.alert, ...alert } }
    if (!firstText(said.rule, 'id', 'name') || !firstText(said.alert, 'actionGroup', 'actionGroupName'))
      throw new WrongBody('There is no “rule” with an “alert” in it.')
    return readRule(said.rule, said.alert, body, circumstances)
  },
})

function readRule(rule: Fields, alert: Fields, body: Fields, { receivedAt }: Circumstances): Event {
  const context = within(body, 'context')
  const group = firstText(alert, 'actionGroupName', 'actionGroup')
  const over = /^recovered$/i.test(firstText(alert, 'actionGroup') ?? group ?? '')
  const name = firstText(rule, 'name')
  const instance = firstText(alert, 'id')
  const at = firstText(body, 'date', 'timestamp') ?? firstText(context, 'timestamp', 'date')
  const kind: Event['kind'] = over ? 'resolve' : 'trigger'
  return composeEvent(
    {
      kind,
      dedupKey: identity(firstText(rule, 'id') ?? name, instance),
      severity: group,
      severityAs: wordIn(SEVERITIES, group?.toLowerCase()),
      title: name,
      resource: instance,
      service: textAt(context, 'service', 'service.name', 'serviceName'),
      host: textAt(context, 'host.name', 'host.hostname', 'hostname'),
      startsAt: over ? null : at,
      endsAt: over ? at : null,
      labels: present({
        alertname: name,
        instance,
        group: textAt(context, 'group'),
        rule_type: rule.type,
        space: firstText(rule, 'spaceId'),
        tags: Array.isArray(rule.tags) ? rule.tags.join(', ') : rule.tags,
      }),
      annotations: present({
        description:
          firstText(context, 'reason', 'message', 'title', 'conditions') ?? firstText(body, 'message'),
        flapping: alert.flapping === true ? 'true' : null,
      }),
      link: firstText(context, 'alertDetailsUrl', 'viewInAppUrl') ?? firstText(rule, 'url'),
    },
    receivedAt,
  )
}
