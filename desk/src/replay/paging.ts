import { type EscalationPolicy, nextStep, placeOf } from '../escalation/index.ts'
import { type Rota, whoIsOn } from '../oncall/index.ts'
import type { Cycle, Standing, Ticket } from './standing.ts'
import type { World } from './world.ts'

export interface PolicyVersion extends EscalationPolicy {
  policy: string
  version: number
  effectiveFrom: number
}

/** What decides whom a page goes to, besides the configuration: immutable versions, for the whole period. */
export interface Plans {
  policies: Map<string, PolicyVersion[]>
  rotas: Map<string, Rota>
}

export interface Paged {
  ticket: Ticket
  cycle: number
  step: number
  personId: string
  at: number
}

/** Escalations of a replay: the same steps, waits and duties as live, in memory. */
export class Paging {
  readonly #standing: Standing
  readonly #world: World
  readonly #plans: Plans
  readonly #onPage: (page: Paged) => void
  readonly #onEnd: (ticket: Ticket, at: number) => void

  constructor(
    standing: Standing,
    world: World,
    plans: Plans,
    on: { page: (page: Paged) => void; end: (ticket: Ticket, at: number) => void },
  ) {
    this.#standing = standing
    this.#world = world
    this.#plans = plans
    this.#onPage = on.page
    this.#onEnd = on.end
  }

  /** Begins a cycle by the policy's version of that moment, or the one given; without a policy in use nobody is paged. */
  start(ticket: Ticket, policyId: string | null, now: number, known?: number): void {
    if (ticket.cycle?.step) this.end(ticket, now)
    if (policyId === null || !this.#world.isPolicyInUse(policyId)) return
    const version = this.#plans.policies
      .get(policyId)
      ?.findLast((one) => (known === undefined ? one.effectiveFrom <= now : one.version === known))
    if (!version) return
    ticket.cycle = {
      cycle: (ticket.cycle?.cycle ?? 0) + 1,
      policy: policyId,
      version: version.version,
      step: null,
    }
    this.#await(ticket, ticket.cycle, { position: 0, dueAt: now + version.steps[0]!.wait_ms })
  }

  /** Pages under way end: somebody answered, or nobody need be woken any more. */
  end(ticket: Ticket, now: number): void {
    if (ticket.cycle?.step) {
      ticket.cycle.step = null
      this.#standing.timers.set(`step ${ticket.id}`, null)
    }
    this.#onEnd(ticket, now)
  }

  /** Decides the step that waits. */
  decide(ticket: Ticket, now: number): void {
    const { cycle } = ticket
    if (!cycle?.step) return
    const { position } = cycle.step
    const policy = this.#versionOf(cycle)
    const people = new Set(
      policy.steps[placeOf(policy, position).index]!.targets.flatMap((one) => this.#reach(one, now)),
    )
    for (const personId of people)
      this.#onPage({ ticket, cycle: cycle.cycle, step: position, personId, at: now })
    const next = nextStep(policy, position, people.size > 0, new Date(now))
    cycle.step = null
    this.#standing.timers.set(`step ${ticket.id}`, null)
    if (next) this.#await(ticket, cycle, { position: next.position, dueAt: next.dueAt.getTime() })
  }

  #await(ticket: Ticket, cycle: Cycle, step: { position: number; dueAt: number }): void {
    cycle.step = step
    this.#standing.timers.set(`step ${ticket.id}`, step.dueAt)
  }

  #versionOf({ policy, version }: Cycle): PolicyVersion {
    return this.#plans.policies.get(policy)!.find((one) => one.version === version)!
  }

  #reach(target: { kind: string; id: string }, now: number): string[] {
    if (target.kind === 'team') return this.#world.membersOf(target.id)
    if (target.kind === 'person') return this.#world.isHere(target.id) ? [target.id] : []
    const rota = this.#plans.rotas.get(target.id)
    if (!rota) return []
    // Of an override that somebody made later, nobody knew.
    const overrides = rota.overrides.filter(({ createdAt }) => createdAt.getTime() <= now)
    const on = whoIsOn(rota.versions, overrides, new Date(now))
    return on && this.#world.isHere(on.personId) ? [on.personId] : []
  }
}
