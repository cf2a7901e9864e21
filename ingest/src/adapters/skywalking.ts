import { composeEvent } from '@tocsin/desk'
import { defineAdapter, type Fields, firstText, isFields, WrongBody } from './adapter.ts'
import { identity, listAt, present } from './fields.ts'

/** SkyWalking's alarm webhook, a list; recoveries come to an address of their own, which may be the same. */
export const skywalking = defineAdapter({
  expects: 'a list of SkyWalking alarms: objects with “scope”, “name”, “ruleName” and “alarmMessage”',
  elements: (payload) => {
    if (!Array.isArray(payload)) throw new WrongBody('It is not a list.')
    const [first] = payload
    if (first !== undefined && !(isFields(first) && ('alarmMessage' in first || 'ruleName' in first)))
      throw new WrongBody('Its elements have neither “alarmMessage” nor “ruleName”.')
    return payload
  },
  readOne: (alarm, { receivedAt }) => {
    const name = firstText(alarm, 'name')
    const rule = firstText(alarm, 'ruleName')
    const ended = firstText(alarm, 'recoveryTime')
    const isOver = ended !== null && ended !== '0'
    const scope = firstText(alarm, 'scope')
    const tags = tagsOf(alarm)
    return composeEvent(
      {
        kind: isOver ? 'resolve' : 'trigger',
        // Servers before 9.4 send no uuid.
        dedupKey:
          firstText(alarm, 'uuid') ??
          identity(scope, name, firstText(alarm, 'id0'), firstText(alarm, 'id1'), rule),
        severity: firstText(tags, 'level', 'severity'),
        title: firstText(alarm, 'alarmMessage') ?? rule,
        resource: name,
        service: scope === 'SERVICE' ? name : null,
        startsAt: alarm.startTime,
        endsAt: isOver ? ended : null,
        labels: { ...tags, ...present({ alertname: rule, scope, name }) },
      },
      receivedAt,
    )
  },
})

const tagsOf = (alarm: Fields): Fields =>
  Object.fromEntries(
    listAt(alarm, 'tags')
      .filter(isFields)
      .flatMap((tag) => {
        const key = firstText(tag, 'key')
        return key === null ? [] : [[key, firstText(tag, 'value') ?? '']]
      }),
  )
