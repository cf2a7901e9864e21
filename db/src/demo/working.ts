import type { Person } from './people.ts'
import type { Sla } from './sla.ts'
import type { Columns, Step } from './story.ts'
import { ANSWERS, FIRST_WORDS, LAST_WORDS, QUESTIONS, STILL_BROKEN } from './words/replies.ts'
import { DAY, HOUR, MINUTE, type World } from './world.ts'

export interface Handling {
  kind: 'incident' | 'request'
  openedAt: number
  requester: Person
  agent: Person
  /** Working milliseconds until the desk answers, and until the work is done. */
  answersIn: number
  takes: number
}

/** How the desk handles what people bring: answer, questions, waiting, solution, and sometimes all over again. */
export function handle({ chance, rules }: World, { office }: Sla, given: Handling): Step[] {
  const { requester, agent, openedAt } = given
  const desk = { kind: 'person' as const, id: agent.id }
  const asker = { kind: 'person' as const, id: requester.id }
  const firstName = requester.name.split(' ')[0]!
  const say = (texts: readonly Record<Person['locale'], string>[]) =>
    chance.pick(texts)[requester.locale].replaceAll('{}', firstName)
  const working = (from: number, ms: number): number =>
    rules.addWorking(office, new Date(from), Math.max(ms, MINUTE)).getTime() + chance.between(0, 59_999)

  if (chance.happens(0.02)) {
    const at = working(openedAt, chance.around(2 * HOUR, 0.8))
    const set: Partial<Columns> = {
      state: 'cancelled',
      closed_at: new Date(at),
      resolution_code: 'cancelled',
    }
    return [{ at, verb: 'cancel', actor: asker, set, visibility: 'public' }]
  }

  const taken = working(openedAt, given.answersIn)
  const answered = taken + chance.between(1, 12) * MINUTE
  const steps: Step[] = [
    ...takes(taken, agent),
    {
      at: answered,
      verb: 'reply',
      actor: desk,
      set: { first_response_at: new Date(answered) },
      visibility: 'public',
      message: { kind: 'reply', body: say(FIRST_WORDS) },
    },
  ]
  let at = answered
  if (chance.happens(0.24)) {
    const asked = working(at, chance.around(20 * MINUTE, 0.6))
    at = working(asked, chance.around(15 * HOUR, 1.1))
    steps.push(
      {
        at: asked,
        verb: 'reply',
        actor: desk,
        visibility: 'public',
        message: { kind: 'reply', body: say(QUESTIONS) },
      },
      {
        at: asked + 2000,
        verb: 'pend',
        actor: desk,
        set: { state: 'pending', pending_reason: 'requester' },
        visibility: 'public',
      },
      {
        at,
        verb: 'comment',
        actor: asker,
        set: { state: 'in_progress', pending_reason: null },
        visibility: 'public',
        message: { kind: 'reply', body: say(ANSWERS), fromRequester: true },
      },
    )
  } else if (chance.happens(0.17)) {
    const waits = working(at, chance.around(HOUR, 0.7))
    at = working(waits, chance.around(40 * HOUR, 0.7))
    steps.push(
      {
        at: waits,
        verb: 'pend',
        actor: desk,
        // A week is what a vendor is given: what waits for longer stands among the stalled.
        set: { state: 'pending', pending_reason: 'vendor', pending_until: new Date(waits + 7 * DAY) },
        visibility: 'public',
      },
      {
        at,
        verb: 'resume',
        actor: desk,
        set: { state: 'in_progress', pending_reason: null, pending_until: null },
        visibility: 'public',
      },
    )
  }
  const patience = chance.happens(0.08) ? 9 : 1
  const solved = working(at, chance.around(given.takes * patience, 0.75))
  steps.push(...solves(solved, desk, say(LAST_WORDS), 'fixed'))
  if (!chance.happens(given.kind === 'incident' ? 0.07 : 0.035)) return [...steps, closes(solved)]

  const back = working(solved, chance.around(4 * HOUR, 0.7))
  const again = working(back, chance.around(given.takes * 0.6, 0.7))
  return [
    ...steps,
    {
      at: back - 1000,
      verb: 'comment',
      actor: asker,
      visibility: 'public',
      message: { kind: 'reply', body: say(STILL_BROKEN), fromRequester: true },
    },
    {
      at: back,
      verb: 'reopen',
      actor: asker,
      set: { state: 'in_progress', resolved_at: null, resolution_code: null, reopen_count: 1 },
      visibility: 'public',
    },
    ...solves(again, desk, say(LAST_WORDS), 'fixed'),
    closes(again),
  ]
}

/** Somebody takes a ticket: it is theirs, and that is its acknowledgement. */
export function takes(at: number, agent: Person): Step[] {
  const actor = { kind: 'person' as const, id: agent.id }
  return [
    { at, verb: 'assign', actor, set: { assignee_id: agent.id } },
    {
      at,
      verb: 'acknowledge',
      actor,
      set: { acknowledged_at: new Date(at), state: 'in_progress' },
      visibility: 'public',
    },
  ]
}

function solves(at: number, actor: { kind: 'person'; id: string }, body: string, code: string): Step[] {
  return [
    { at: at - 3000, verb: 'reply', actor, visibility: 'public', message: { kind: 'reply', body } },
    {
      at,
      verb: 'resolve',
      actor,
      set: { state: 'resolved', pending_reason: null, resolved_at: new Date(at), resolution_code: code },
      visibility: 'public',
    },
  ]
}

/** Three days after the end nobody has written again. */
export const closes = (solvedAt: number): Step => ({
  at: solvedAt + 3 * DAY,
  verb: 'close',
  actor: { kind: 'system', id: null },
  set: { state: 'closed', closed_at: new Date(solvedAt + 3 * DAY) },
  visibility: 'public',
})
