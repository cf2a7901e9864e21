import { type Alarms, RULE } from './alarms.ts'
import type { Tale } from './employees.ts'
import type { Integration } from './integrations.ts'
import type { OnCall } from './on-call.ts'
import { wake } from './pages.ts'
import type { People } from './people.ts'
import { hourOf } from './seasons.ts'
import type { Item, Service } from './services.ts'
import type { Sla } from './sla.ts'
import { type Opening, priorityOf, type Step } from './story.ts'
import { NOTES } from './words/replies.ts'
import type { Symptom } from './words/symptoms.ts'
import { HOUR, MINUTE, type World } from './world.ts'
import { closes, takes } from './working.ts'

export interface Watch {
  world: World
  people: People
  onCall: OnCall
  sla: Sla
  alarms: Alarms
  /** The latest incident of each group of alerts. */
  groups: Map<string, { integration: Integration; ticketId: string; openedAt: number; until: number }>
}

/** All alerts of an incident must stay quiet for this long before it resolves by itself. */
const HOLD = 15_000

export interface Trouble {
  at: number
  integration: Integration
  service: Service
  symptom: Symptom
  items: Item[]
  /** Milliseconds until monitoring sees it recover. */
  lasts: number
  /** Wake-up to acknowledgement; absent: as people are. */
  acknowledgedIn?: number
  byHand?: boolean
}

/** By the severity table that every new desk starts with. */
const WEIGHT = {
  critical: ['high', 'high'],
  error: ['medium', 'high'],
  warning: ['medium', 'medium'],
} as const

/**
 * An incident that monitoring opens: who is woken, what they do, and how it ends. Nothing where its group has
 * an incident already, which it would join.
 */
export function tellTrouble(watch: Watch, trouble: Trouble): Tale | undefined {
  const { world, alarms, groups } = watch
  const { at, integration, service, symptom, items } = trouble
  const groupKey = `name:${JSON.stringify([symptom.name, service.key])}`
  const before = groups.get(groupKey)
  if (before && before.until > at) return undefined
  const id = world.chance.id(at)
  const recoversAt = at + trouble.lasts
  groups.set(groupKey, { integration, ticketId: id, openedAt: at, until: recoversAt + HOLD })
  if (before)
    world.load.add('ticket_link', {
      from_id: id,
      to_id: before.ticketId,
      kind: 'recurs',
      created_at: new Date(at),
    })
  const titleOf = titles(world, symptom)
  const lines = alarms.fire({
    integration,
    service,
    symptom,
    items,
    titleOf,
    at,
    endsAt: recoversAt,
    ticketId: id,
    groupKey,
    recurs: before?.ticketId,
  })
  const [impact, urgency] = WEIGHT[symptom.severity]
  const opening: Opening = {
    id,
    at,
    kind: 'incident',
    title: titleOf(items[0]!),
    description: '',
    impact,
    urgency,
    service,
    itemId: items[0]!.id,
    categoryId: service.categoryId,
    symptomKey: symptom.name,
    language: 'en',
    channel: 'monitoring',
    source: integration.system,
    actor: { kind: 'rule', id: null },
    why: {
      rule: RULE,
      version: 1,
      integration: integration.id,
      severity: symptom.severity,
      impact,
      urgency,
      service_from: 'label',
    },
  }
  const alertId = lines[0]!.subject!.id
  const steps = solve(watch, trouble, opening, alertId, recoversAt)
  const taken = steps.find(({ set }) => set?.acknowledged_at)
  const noticed =
    taken?.actor.id && recoversAt > world.now ? alarms.acknowledge(id, taken.at, taken.actor.id) : []
  return { opening, steps: [...lines, ...steps, ...noticed] }
}

/** Groups point at their latest incident: what fires again joins it while it is open, and recurs afterwards. */
export function keepGroups({ load }: World, groups: Watch['groups']): void {
  for (const [key, { integration, ticketId, openedAt }] of groups)
    load.add('correlation_group', {
      rule: RULE,
      group_key: `${integration.id} ${key}`,
      ticket_id: ticketId,
      opened_at: new Date(openedAt),
    })
}

function solve(
  { world, people, onCall, sla }: Watch,
  trouble: Trouble,
  opening: Opening,
  alertId: string,
  recoversAt: number,
): Step[] {
  const { chance, rules } = world
  const { service, at } = trouble
  const team = people.teams[service.team]
  const rota = service.policyId ? onCall.rotas[service.team] : undefined
  const recovered: Step = {
    at: recoversAt + HOLD,
    verb: 'resolve',
    actor: { kind: 'rule', id: null },
    set: {
      state: 'resolved',
      pending_reason: null,
      resolved_at: new Date(recoversAt + HOLD),
      resolution_code: 'recovered',
    },
    cause: { kind: 'alert', id: alertId },
    why: { rule: 'recovery', alerts: trouble.items.length, hold_ms: HOLD },
    visibility: 'public',
  }
  const asleep = hourOf(at) < 7 || hourOf(at) > 21
  const delay = chance.around(asleep ? 5.2 * MINUTE : 3.1 * MINUTE, 0.8)
  const answersAt =
    at +
    (trouble.acknowledgedIn ??
      (rota
        ? delay
        : rules.addWorking(sla.office, new Date(at), chance.around(40 * MINUTE, 0.8)).getTime() - at))
  const priority = priorityOf(opening.impact, opening.urgency)
  const answered = answersAt < recovered.at
  const { steps, by } = rota
    ? wake(world, onCall, people, {
        ticketId: opening.id,
        at,
        rota,
        team,
        acknowledged: answered,
        endsAt: answered ? answersAt : recovered.at,
      })
    : { steps: [], by: chance.pick(team.agents) }
  if (!answered) return [...steps, recovered, closes(recovered.at)]

  const agent = by ?? chance.pick(team.agents)
  const note = (when: number): Step => ({
    at: when,
    verb: 'note',
    actor: { kind: 'person', id: agent.id },
    message: { kind: 'note', body: chance.pick(NOTES) },
  })
  const notes = priority === 'P1' || priority === 'P2' ? chance.between(1, 3) : chance.between(0, 1)
  const byHand = trouble.byHand ?? chance.happens(0.3)
  const solvedAt = byHand ? recovered.at + chance.around(25 * MINUTE, 0.9) : recovered.at
  const end: Step = byHand
    ? {
        ...recovered,
        at: solvedAt,
        actor: { kind: 'person', id: agent.id },
        set: {
          ...recovered.set,
          resolved_at: new Date(solvedAt),
          resolution_code: chance.pick(['fixed', 'workaround', 'fixed']),
        },
        cause: undefined,
        why: undefined,
      }
    : recovered
  return [
    ...takes(answersAt, agent).toReversed(),
    ...steps,
    ...Array.from({ length: notes }, () => note(answersAt + chance.roll() * (solvedAt - answersAt))),
    ...(end.at > answersAt ? [end] : []),
    closes(solvedAt),
    ...falseEnd(chance.happens(0.02), solvedAt, agent.id),
  ]
}

/** It came back before anybody had closed it. */
function falseEnd(happens: boolean, solvedAt: number, agentId: string): Step[] {
  if (!happens) return []
  const back = solvedAt + 40 * MINUTE
  const again = back + 2 * HOUR
  const actor = { kind: 'person' as const, id: agentId }
  return [
    {
      at: back,
      verb: 'reopen',
      actor,
      set: { state: 'in_progress', resolved_at: null, resolution_code: null, reopen_count: 1 },
      visibility: 'public',
    },
    {
      at: again,
      verb: 'resolve',
      actor,
      set: { state: 'resolved', resolved_at: new Date(again), resolution_code: 'fixed' },
      visibility: 'public',
    },
  ]
}

/** Each host's own figure in the sentence of the symptom. */
function titles({ chance }: World, { title, figure }: Symptom) {
  const figures = new Map<string, string>()
  return (item: Item): string => {
    const held = figures.get(item.name) ?? String(figure ? chance.between(figure[0], figure[1]) : '')
    figures.set(item.name, held)
    return title.replace('{}', item.name).replace('%n', held)
  }
}
