import { composeEvent, type Event } from '@tocsin/desk'
import { defineAdapter, firstText, within, WrongBody } from './adapter.ts'
import { listAt, present, textAt } from './fields.ts'
import { writtenInstant } from './instant.ts'

/** ThousandEyes' webhook: `…_TRIGGER` and `…_CLEAR`. Ids are numbers of old and UUIDs of late. */
export const thousandeyes = defineAdapter({
  expects: 'a ThousandEyes notification: an object with “eventType” and “alert”',
  readOne: (body, { receivedAt }) => {
    const type = firstText(body, 'eventType')
    const alert = within(body, 'alert')
    const id = firstText(alert, 'alertId', 'id')
    const isTest = type !== null && /TEST/.test(type) && id === null
    if (type === null || (id === null && !isTest))
      throw new WrongBody('It has no “eventType” or no “alert.alertId”.')
    const kind: Event['kind'] = isTest
      ? 'test'
      : type.endsWith('_CLEAR')
        ? 'resolve'
        : type.endsWith('_TRIGGER')
          ? 'trigger'
          : 'note'
    const rule = textAt(alert, 'ruleName', 'rule.name', 'rule.ruleName')
    const test = textAt(alert, 'testName', 'test.name', 'test.testName')
    const began = textAt(alert, 'dateStartZoned', 'dateStart', 'startDate', 'firstSeen')
    const ended = textAt(alert, 'dateEndZoned', 'dateEnd', 'endDate', 'clearedAt')
    return composeEvent(
      {
        kind,
        dedupKey: id ?? 'test',
        severity: firstText(alert, 'severity'),
        title: rule ?? test ?? textAt(alert, 'headline', 'type') ?? type,
        resource: test,
        host: textAt(alert, 'agents.0.agentName', 'hostname'),
        // Zoneless ones are UTC, says its documentation.
        startsAt: writtenInstant(began, 'UTC'),
        endsAt: kind === 'resolve' ? writtenInstant(ended, 'UTC') : null,
        labels: present({
          alertname: rule,
          test,
          type: textAt(alert, 'type', 'alertType'),
          rule: textAt(alert, 'ruleId', 'rule.id'),
          agents: listAt(alert, 'agents')
            .map((agent) => textAt(agent, 'agentName', 'name'))
            .filter(Boolean)
            .join(','),
        }),
        annotations: present({ description: firstText(alert, 'ruleExpression') }),
        link: textAt(alert, 'permalink', 'permaLink'),
      },
      receivedAt,
    )
  },
})
