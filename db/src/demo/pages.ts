import type { OnCall, Rota } from './on-call.ts'
import type { People, Person, Team } from './people.ts'
import { type Step, SYSTEM } from './story.ts'
import { MINUTE, type World } from './world.ts'

export interface Woken {
  ticketId: string
  at: number
  rota: Rota
  team: Team
  /** When somebody said “I have it”, or the alarm was over without them. */
  endsAt: number
  acknowledged: boolean
}

interface Page {
  id: string
  person: Person
  step: number
  at: number
  path: Record<string, unknown>
}

const WAITS = [0, 10 * MINUTE, 15 * MINUTE]

/**
 * An incident wakes whoever is on call, then the team, then its manager, until somebody answers. Answers the
 * lines on the ticket's timeline and the person who acknowledged.
 */
export function wake(
  world: World,
  { methodOf }: OnCall,
  people: People,
  woken: Woken,
): { steps: Step[]; by: Person | null } {
  const { chance, load, now } = world
  const { ticketId, endsAt } = woken
  const { policy } = woken.rota
  const pages = decide(world, people, woken)
  const ended = endsAt <= now
  // Whoever was woken last is the likeliest to be at the keyboard.
  const answering = woken.acknowledged && ended ? chance.pick(pages.slice(-2)) : null
  const escalationId = chance.id(woken.at)
  load.add('escalation', {
    id: escalationId,
    ticket_id: ticketId,
    cycle: 1,
    policy_version_id: policy.versionId,
    // What nobody answered by now has run through its steps: the engine finds nothing to go on with.
    state: answering ? 'acknowledged' : ended ? 'stopped' : 'finished',
    started_at: new Date(woken.at),
    ended_at: new Date(ended ? endsAt : now),
  })
  for (const step of new Set(pages.map((page) => page.step))) {
    const decided = pages.filter((page) => page.step === step)
    const at = new Date(decided[0]!.at)
    const outcome = { paged: decided.map(({ person }) => person.id) }
    load.add('escalation_step', {
      escalation_id: escalationId,
      position: step,
      due_at: at,
      decided_at: at,
      outcome,
    })
  }
  const end = new Date(endsAt)
  const steps = pages.flatMap((page): Step[] => {
    const { id, person, step, at, path } = page
    const state = !ended ? 'open' : page === answering ? 'acknowledged' : 'ended'
    const why = { round: 0, step, policy: { id: policy.id, version: 1 } }
    load.add('page', {
      id,
      ticket_id: ticketId,
      cycle: 1,
      step,
      recipient_id: person.id,
      state,
      created_at: new Date(at),
      why: { ...why, policy: { ...why.policy, name: policy.name }, paths: [path] },
      acknowledged_at: state === 'acknowledged' ? end : null,
      ended_at: ended ? end : null,
      revision: ended ? 2 : 1,
    })
    const method = methodOf.get(person.id)
    if (method)
      load.add('delivery', {
        id: chance.id(at),
        page_id: id,
        contact_method_id: method,
        position: 0,
        state: 'sent',
        attempts: 1,
        due_at: new Date(at),
        sent_at: new Date(at + chance.between(200, 900)),
        created_at: new Date(at),
      })
    const subject = { kind: 'page', id }
    const opened: Step = {
      at,
      verb: 'page',
      actor: { kind: 'rule', id: policy.id },
      subject,
      after: { recipient: person.id, cycle: 1, step },
      why: { ...why, paths: [{ ...path, name: undefined }] },
    }
    if (!ended) return [opened]
    const actor =
      woken.acknowledged && answering ? { kind: 'person' as const, id: answering.person.id } : SYSTEM
    return [
      opened,
      {
        at: endsAt,
        verb: state === 'acknowledged' ? 'acknowledge' : 'end',
        actor,
        subject,
        after: { state },
      },
    ]
  })
  return { steps, by: answering?.person ?? null }
}

/** Whom each step that came due before the end meant; nobody is woken twice. */
function decide({ chance, now }: World, { faces }: People, { at, rota, team, endsAt }: Woken): Page[] {
  const duty = rota.on(at)
  const onDuty = team.onCall.find(({ id }) => id === duty?.personId) ?? team.onCall[0]!
  const because = { ...duty?.why, schedule_id: undefined }
  const rungs: [Person[], Page['path']][] = [
    [[onDuty], { kind: 'schedule', id: rota.scheduleId, name: rota.scheduleName, ...because }],
    [team.onCall, { kind: 'team', id: team.id, name: rota.policy.name, role: 'on_call' }],
    [[faces.manager], { kind: 'person', id: faces.manager.id }],
  ]
  const pages: Page[] = []
  let due = at
  for (const [step, [whom, path]] of rungs.entries()) {
    due += WAITS[step]!
    if (step > 0 && due >= Math.min(endsAt, now)) break
    for (const person of whom)
      if (!pages.some((page) => page.person === person))
        pages.push({ id: chance.id(due), person, step, at: due, path })
  }
  return pages
}
