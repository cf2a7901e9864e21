import { createHash } from 'node:crypto'
import type { Integration } from './integrations.ts'
import type { Item, Service } from './services.ts'
import type { Step } from './story.ts'
import type { Symptom } from './words/symptoms.ts'
import { MINUTE, type World } from './world.ts'

/** The desk's first rule: the same alert name on the same service is one incident. */
export const RULE = 'default'

interface Condition {
  id: string
  row: Record<string, unknown>
  episode: number
}

export interface Firing {
  integration: Integration
  service: Service
  symptom: Symptom
  items: Item[]
  titleOf: (item: Item) => string
  at: number
  /** Later than now where it still fires. */
  endsAt: number
  ticketId: string
  groupKey: string
  /** The incident that the same group had before. */
  recurs: string | undefined
}

/** Alerts by their condition, one row however often it fired, with a link for each time; and the tallies of their events. */
export function createAlarms({ chance, load, now }: World) {
  const conditions = new Map<string, Condition>()
  const tallies = new Map<string, { integration_id: string; minute: number; bucket: string; count: number }>()

  const count = (integration: Integration, at: number, bucket: string, many = 1): void => {
    const minute = at - (at % MINUTE)
    for (const each of [bucket, 'received']) {
      const key = `${integration.id} ${minute} ${each}`
      const held = tallies.get(key)
      if (held) held.count += many
      else tallies.set(key, { integration_id: integration.id, minute, bucket: each, count: many })
    }
  }

  /** The items of an incident fire within a minute of one another. Answers their lines on its timeline. */
  function fire(firing: Firing): Step[] {
    const { integration, endsAt } = firing
    return firing.items.flatMap((item, position): Step[] => {
      const opened = position === 0
      const at = firing.at + (opened ? 0 : chance.between(1, 50_000))
      if (at > now || at > endsAt) return []
      const condition = again(firing, item, at)
      const how = opened ? 'opened' : 'joined'
      const repeats = countEvents(integration, at, endsAt, how)
      const last = new Date(Math.min(endsAt, now - chance.between(1000, 110_000)))
      Object.assign(condition.row, {
        count: (condition.row.count as number) + repeats,
        last_event_at: last,
        seen_at: last,
        updated_at: new Date(Math.min(endsAt, now)),
      })
      load.add('alert_link', linkOf(firing, condition, how, at))
      const { episode, id } = condition
      const line = (verb: string, when: number, status: string): Step => ({
        at: when,
        verb,
        actor: { kind: 'integration', id: integration.id },
        subject: { kind: 'alert', id },
        after: { status, episode, severity: firing.symptom.severity },
        why: verb === 'fire' ? { rule: RULE, version: 1, how } : undefined,
      })
      return [line('fire', at, 'firing'), line('resolve', endsAt, 'resolved')]
    })
  }

  /** Whoever takes an incident takes the alerts that still fire in it. Answers their lines on its timeline. */
  function acknowledge(ticketId: string, at: number, personId: string): Step[] {
    return [...conditions.values()].flatMap(({ id, row, episode }): Step[] => {
      if (row.ticket_id !== ticketId || row.status !== 'firing' || at > now) return []
      const when = new Date(at)
      Object.assign(row, { status: 'acknowledged', acknowledged_at: when, acknowledged_by: personId })
      return [
        {
          at,
          verb: 'acknowledge',
          actor: { kind: 'person', id: personId },
          subject: { kind: 'alert', id },
          after: { status: 'acknowledged', episode },
        },
      ]
    })
  }

  /** What a sender says while an alert fires and when it ends. Answers how often it repeated itself. */
  function countEvents(integration: Integration, at: number, endsAt: number, how: string): number {
    count(integration, at, how)
    const lasted = Math.min(endsAt, now) - at
    const every = integration.system === 'prometheus' ? 2 * MINUTE : 20 * MINUTE
    const repeats = Math.min(Math.floor(lasted / every), 400)
    if (repeats > 0) count(integration, at + Math.floor(lasted / 2), 'repeated', repeats)
    if (endsAt <= now) count(integration, endsAt, 'resolved')
    if (endsAt + 5000 <= now && chance.happens(0.06)) count(integration, endsAt + 5000, 'ignored')
    return repeats
  }

  const linkOf = (
    { ticketId, service, symptom, recurs }: Firing,
    { id, episode }: Condition,
    how: string,
    at: number,
  ) => ({
    id: chance.id(at),
    alert_id: id,
    episode,
    ticket_id: ticketId,
    how,
    rule: RULE,
    rule_version: 1,
    linked_at: new Date(at),
    evidence: {
      rule: RULE,
      version: 1,
      matched: { alertname: symptom.name, service: service.key },
      severity: symptom.severity,
      opens: true,
      window: 'while the incident is open',
      ...(how === 'opened' && recurs && { recurs }),
    },
  })

  function again(
    { integration, service, symptom, ticketId, titleOf, endsAt, groupKey }: Firing,
    item: Item,
    at: number,
  ): Condition {
    const name = `${integration.system}/${service.key}/${symptom.name}/${item.name}`
    const held = conditions.get(name)
    const over = endsAt <= now
    const turn = {
      status: over ? 'resolved' : 'firing',
      severity: symptom.severity,
      severity_raw: symptom.severity,
      title: titleOf(item),
      starts_at: new Date(at),
      ends_at: over ? new Date(endsAt) : null,
      ticket_id: ticketId,
    }
    if (held) {
      held.episode += 1
      const { revision, count: times } = held.row as { revision: number; count: number }
      Object.assign(held.row, turn, { episode: held.episode, revision: revision + 2, count: times + 1 })
      return held
    }
    const id = chance.id(at)
    const row = {
      id,
      integration_id: integration.id,
      dedup_key: createHash('md5').update(name).digest('hex').slice(0, 16),
      ...turn,
      resource: item.name,
      host: item.name,
      service: service.key,
      service_id: service.id,
      ci_id: item.id,
      group_key: groupKey,
      labels: {
        alertname: symptom.name,
        service: service.key,
        instance: item.name,
        severity: symptom.severity,
      },
      annotations: { summary: titleOf(item) },
      episode: 1,
      count: 1,
      first_event_at: new Date(at),
      last_event_at: new Date(at),
      seen_at: new Date(at),
      updated_at: new Date(at),
      revision: 1,
    }
    const condition = { id, row, episode: 1 }
    conditions.set(name, condition)
    return condition
  }

  return {
    fire,
    acknowledge,
    /** Planned work: monitoring speaks, nobody is disturbed. */
    hush: (integration: Integration, at: number, many: number) => count(integration, at, 'suppressed', many),
    /** To be called once, when everything has fired. */
    send: () => {
      load.add('alert', ...[...conditions.values()].map(({ row }) => row))
      load.add(
        'tally',
        ...[...tallies.values()].map((tally) => ({ ...tally, minute: new Date(tally.minute), slot: 0 })),
      )
    },
  }
}

export type Alarms = ReturnType<typeof createAlarms>
