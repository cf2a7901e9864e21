import { createChance } from './chance.ts'
import type { Tale } from './employees.ts'
import type { People, Person } from './people.ts'
import type { Services } from './services.ts'
import type { Actor, Step } from './story.ts'
import { DAY, HOUR, MINUTE, type World } from './world.ts'

interface Update {
  at: number
  body: string
  /** Until the next one, in minutes. */
  next: number | null
}

/**
 * A major incident that goes on now, with what employees are told of it, and one of the past with its review. Dice of
 * their own, so that everything else stays as it was.
 */
export function majorsAreTold(
  world: World,
  { people, services }: { people: People; services: Services },
  tales: readonly Tale[],
): void {
  const { now } = world
  const incidents = tales.filter(({ opening }) => opening.kind === 'incident')
  const current = incidents.findLast(
    ({ opening }) => opening.service === services.payments && opening.symptomKey === 'ProviderTimeouts',
  )
  if (current && !endOf(current, now)) {
    const teller = createMajor(world, people, current)
    teller.declared(20 * MINUTE)
    const first = current.opening.at + 30 * MINUTE
    teller.told('Paying by card is slow', 'Customers who pay by card, in the shop and at the tills.', [
      { at: first, next: 120, body: 'Some payments need a second try. We are looking for the cause.' },
      {
        at: first + 2 * HOUR,
        next: 240,
        body: 'The payment provider confirms trouble on its side. **Cash and bank transfer work.**',
      },
      {
        at: now - 12 * MINUTE,
        next: 60,
        body: 'The provider is moving us to its second site. Nine of ten payments go through at once.',
      },
    ])
  }
  const past = incidents.findLast(
    (one) =>
      one.opening.service === services.webshop &&
      one.opening.impact === 'high' &&
      one.opening.at < now - 12 * DAY &&
      (endOf(one, now) ?? 0) > one.opening.at + 90 * MINUTE,
  )
  const problem = tales.findLast(({ opening }) => opening.kind === 'problem' && opening.at > now - 30 * DAY)
  if (past) tellPast(world, people, past, problem?.opening.id ?? null)
}

const endOf = ({ steps }: Tale, now: number): number | undefined =>
  steps.findLast(({ set, at }) => set?.state === 'resolved' && at <= now)?.at

function tellPast(world: World, people: People, past: Tale, problemId: string | null): void {
  const solved = endOf(past, world.now)!
  const teller = createMajor(world, people, past)
  teller.declared(8 * MINUTE)
  const begun = past.opening.at + 15 * MINUTE
  teller.told('The shop answers with errors', 'Everybody who orders in the online shop.', [
    { at: begun, next: 30, body: 'Every third page fails. We are working on it.' },
    { at: begun + 30 * MINUTE, next: 60, body: 'One of four servers was taken out: it is better, not good.' },
    { at: solved - 5 * MINUTE, next: null, body: 'The shop works again. We go on watching it.' },
  ])
  teller.reviewed(solved + 20 * HOUR, problemId)
}

function createMajor({ load, now }: World, people: People, { opening, steps }: Tale) {
  const chance = createChance(56 + (opening.at % 1000))
  const [lead, second, third] = people.teams[opening.service.team].agents as [Person, Person, Person]
  const actor: Actor = { kind: 'person', id: lead.id }
  const step = (at: number, verb: string, more: Partial<Step> = {}) =>
    steps.push({ at, verb, actor, visibility: 'internal', ...more })
  const day = (at: number) => new Date(at).toISOString().slice(0, 10)
  let told: Update | undefined

  return {
    /** Proposed so long after its opening, and declared soon after. */
    declared: (after: number) => {
      const proposed = opening.at + after
      step(proposed, 'propose-major', { after: { major: 'candidate' } })
      step(proposed + 2 * MINUTE, 'declare-major', {
        after: { major: 'declared', person: lead.id },
        visibility: 'public',
      })
      load.add('major_stakeholder', {
        ticket_id: opening.id,
        person_id: people.faces.manager.id,
        team_id: null,
      })
    },
    told: (title: string, affected: string, updates: Update[]) => {
      for (const update of updates) {
        const id = chance.id(update.at)
        const next = update.next === null ? null : new Date(update.at + update.next * MINUTE)
        step(update.at, 'update-major', {
          after: { next_update_at: next?.toISOString() ?? null },
          visibility: 'public',
          message: { id, kind: 'reply', body: update.body },
        })
        load.add('major_update', {
          message_id: id,
          ticket_id: opening.id,
          title,
          affected,
          next_at: next,
          created_at: new Date(update.at),
        })
        told = update
      }
      const declared = steps.find(({ verb }) => verb === 'declare-major')!
      const promised = told?.next ? told.at + told.next * MINUTE : null
      load.add('major_incident', {
        ticket_id: opening.id,
        state: 'declared',
        lead_id: lead.id,
        proposed_at: new Date(declared.at - 2 * MINUTE),
        proposed_by: lead.id,
        decided_at: new Date(declared.at),
        decided_by: lead.id,
        update_every_minutes: 60,
        next_update_at: promised && new Date(promised),
        remind: promised && 'due',
        remind_at: promised && new Date(promised - 10 * MINUTE),
      })
    },
    reviewed: (at: number, problemId: string | null) => {
      const finished = at + 26 * HOUR
      step(at, 'start-review', { after: { texts: ['what_happened', 'impact', 'root_cause'] } })
      load.add('review', {
        ticket_id: opening.id,
        what_happened:
          'A release raised the memory of each request. Under the traffic of the evening the servers ran out of it one after another.\n\n1. The alert came four minutes after the first error.\n2. Taking one server out gave the others its share.\n3. Going back to the release before ended it.',
        impact: 'About 1,900 customers saw an error page; 212 orders were given up.',
        root_cause: 'The cache of product pictures had no limit.',
        went_well: 'Everybody knew within ten minutes. The way back was written down, and worked.',
        went_badly: 'The load test ran with a tenth of the pictures. Nobody watched memory.',
        started_by: lead.id,
        started_at: new Date(at),
        finished_by: lead.id,
        finished_at: new Date(finished),
      })
      const asked: [string, Person, number, string | null, number | null][] = [
        ['Give the cache of pictures a limit', second, finished + 4 * DAY, null, finished + 3 * DAY],
        ['Test releases with as many pictures as the shop has', third, now - 3 * DAY, null, null],
        ['Alert on memory before it runs out', lead, now + 9 * DAY, problemId, null],
      ]
      for (const [position, [title, owner, due, linkedId, done]] of asked.entries()) {
        const id = chance.id(at)
        const when = at + (position + 1) * 5 * MINUTE
        const due_at = new Date(`${day(due)}T23:00:00Z`)
        step(when, 'add-action', { after: { action: id, person: owner.id, due_on: day(due) } })
        load.add('review_action', {
          id,
          ticket_id: opening.id,
          title,
          owner_id: owner.id,
          due_on: day(due),
          due_at,
          linked_id: linkedId,
          done_at: done && new Date(done),
          done_by: done && owner.id,
          remind_at: done ? null : new Date(Math.max(+due_at, now + 2 * DAY)),
          created_by: lead.id,
          created_at: new Date(when),
        })
        if (done)
          steps.push({
            at: done,
            verb: 'finish-action',
            actor: { kind: 'person', id: owner.id },
            after: { action: id, person: owner.id, due_on: day(due) },
            visibility: 'internal',
          })
      }
      step(finished, 'finish-review')
    },
  }
}
