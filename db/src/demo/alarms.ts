import { createHash } from 'node:crypto'
import type { Integration } from './integrations.ts'
import type { Item, Service } from './services.ts'
import type { Symptom } from './words/symptoms.ts'
import { MINUTE, type World } from './world.ts'

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

  /** The items of an incident fire within a minute of one another. Answers the first alert's id. */
  function fire(firing: Firing): string {
    let first: string | undefined
    for (const [position, item] of firing.items.entries()) {
      const at = firing.at + (position === 0 ? 0 : chance.between(1, 50_000))
      if (at > now) continue
      const opened = position === 0
      const condition = again(firing, item, at)
      first ??= condition.id
      count(firing.integration, at, opened ? 'opened' : 'joined')
      const lasted = Math.min(firing.endsAt, now) - at
      const repeats = Math.floor(
        lasted / (firing.integration.system === 'prometheus' ? 2 * MINUTE : 20 * MINUTE),
      )
      if (repeats > 0)
        count(firing.integration, at + Math.floor(lasted / 2), 'repeated', Math.min(repeats, 400))
      if (firing.endsAt <= now) count(firing.integration, firing.endsAt, 'resolved')
      if (firing.endsAt <= now && chance.happens(0.06))
        count(firing.integration, firing.endsAt + 5000, 'ignored')
      Object.assign(condition.row, {
        count: (condition.row.count as number) + repeats,
        last_event_at: new Date(Math.min(firing.endsAt, now - chance.between(1000, 110_000))),
        updated_at: new Date(Math.min(firing.endsAt, now)),
      })
      load.add('alert_link', {
        id: chance.id(at),
        alert_id: condition.id,
        episode: condition.episode,
        ticket_id: firing.ticketId,
        how: opened ? 'opened' : 'joined',
        rule: 'default',
        rule_version: 1,
        linked_at: new Date(at),
        evidence: {
          service: firing.service.key,
          group_key: firing.groupKey,
          matched: ['service', 'alertname'],
        },
      })
    }
    return first!
  }

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
      updated_at: new Date(at),
      revision: 1,
    }
    const condition = { id, row, episode: 1 }
    conditions.set(name, condition)
    return condition
  }

  return {
    fire,
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
