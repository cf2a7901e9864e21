import type { Tale } from './employees.ts'
import type { People, Person } from './people.ts'
import type { Service, Services } from './services.ts'
import type { Opening, Step } from './story.ts'
import type { ServiceKey } from './words/services.ts'
import { DAY, HOUR, type World } from './world.ts'

type Type = 'standard' | 'normal' | 'emergency'
/** How far it has come. */
type Reached = 'new' | 'assess' | 'authorize' | 'scheduled' | 'implement' | 'closed'

interface Told {
  service: ServiceKey
  type: Type
  title: string
  risk: 'low' | 'medium' | 'high'
  reached: Reached
  /** Days from now until it begins, and how long it lasts, in hours. */
  begins: number
  lasts: number
  outcome?: 'successful' | 'with_issues' | 'backed_out' | 'failed'
  plan: string
  backout: string
}

const TOLD: Told[] = [
  {
    service: 'payments',
    type: 'emergency',
    title: 'Take release 4.8 of the payments service back',
    risk: 'high',
    reached: 'closed',
    begins: -189,
    lasts: 2,
    outcome: 'successful',
    plan: '1. Stop the queue\n2. Deploy 4.7.3\n3. Let the queue go on',
    backout: 'Deploy 4.8 again: slow, but it pays.',
  },
  {
    service: 'databases',
    type: 'normal',
    title: 'Move the ERP’s database to new disks',
    risk: 'medium',
    reached: 'closed',
    begins: -33,
    lasts: 3,
    outcome: 'with_issues',
    plan: '1. Stop the ERP\n2. Copy the volume\n3. Start on the new one',
    backout: 'Start on the old volume, which is kept for a week.',
  },
  {
    service: 'webshop',
    type: 'standard',
    title: 'Monthly patches of the shop’s web servers',
    risk: 'low',
    reached: 'closed',
    begins: -12,
    lasts: 2,
    outcome: 'successful',
    plan: 'One server at a time, as written down.',
    backout: 'Boot the snapshot taken before.',
  },
  {
    service: 'platform',
    type: 'emergency',
    title: 'Raise the limit of connections of the ingress',
    risk: 'medium',
    reached: 'implement',
    begins: -0.02,
    lasts: 2,
    plan: 'Set `worker_connections` to 8192 and reload, node by node.',
    backout: 'Set it to 4096 and reload.',
  },
  {
    service: 'webshop',
    type: 'normal',
    title: 'Put the shop behind the new load balancer',
    risk: 'high',
    reached: 'scheduled',
    begins: 2,
    lasts: 3,
    plan: '1. Lower the TTL\n2. Move 10 % of the traffic\n3. Move the rest',
    backout: 'Point the name back at the old one.',
  },
  {
    service: 'platform',
    type: 'standard',
    title: 'Monthly patches of the platform’s nodes',
    risk: 'low',
    reached: 'scheduled',
    begins: 2.05,
    lasts: 2,
    plan: 'Drain, patch, back in: one node at a time.',
    backout: 'Boot the snapshot taken before.',
  },
  {
    service: 'erp',
    type: 'normal',
    title: 'Upgrade the ERP to 12.4',
    risk: 'high',
    reached: 'authorize',
    begins: 6,
    lasts: 5,
    plan: '1. Freeze postings\n2. Upgrade the schema\n3. Release the clients by site',
    backout: 'Restore the backup of the evening; it takes two hours.',
  },
  {
    service: 'wan',
    type: 'normal',
    title: 'New routes for the warehouse in Verona',
    risk: 'medium',
    reached: 'assess',
    begins: 9,
    lasts: 1,
    plan: 'Announce the prefix on both routers.',
    backout: 'Withdraw the prefix.',
  },
]

const WAY: Record<Type, Reached[]> = {
  standard: ['scheduled', 'implement', 'closed'],
  normal: ['assess', 'authorize', 'scheduled', 'implement', 'closed'],
  emergency: ['authorize', 'scheduled', 'implement', 'closed'],
}
const VERBS: Record<Exclude<Reached, 'new' | 'closed'>, string> = {
  assess: 'assess',
  authorize: 'authorize',
  scheduled: 'schedule',
  implement: 'implement',
}

/** Changes that were carried out, one that is under way, and those to come: two of them in each other's way. */
export function changesHappen(
  world: World,
  { people, services }: { people: People; services: Services },
): Tale[] {
  return TOLD.map((told) => tellChange(world, people, services[told.service], told))
}

function tellChange(world: World, people: People, service: Service, told: Told): Tale {
  const { chance, now } = world
  const begins = Math.floor((now + told.begins * DAY) / HOUR) * HOUR
  const at = Math.min(begins, now) - (told.type === 'emergency' ? HOUR : 3 * DAY)
  const agent = people.teams[service.team].agents[0]!
  const opening: Opening = {
    id: chance.id(at),
    at,
    kind: 'change',
    title: told.title,
    description: '',
    impact: told.risk,
    urgency: told.type === 'emergency' ? 'high' : 'low',
    service,
    categoryId: service.categoryId,
    language: 'en',
    channel: 'desk',
    actor: { kind: 'person', id: agent.id },
  }
  const ends = begins + told.lasts * HOUR
  keepPlan(world, opening, told, begins, ends)
  if (told.type !== 'standard' && told.reached !== 'assess')
    keepApproval(world, opening, told, [people.faces.manager, people.faces.employee])
  if (told.reached === 'scheduled') keepWindow(world, opening, begins, ends)
  return { opening, steps: stepsOf(opening, told, begins, ends) }
}

function stepsOf({ at, actor }: Opening, told: Told, begins: number, ends: number): Step[] {
  const way = WAY[told.type]
  const came = way.slice(0, way.indexOf(told.reached) + 1)
  const step = (when: number, verb: string, state: string, more: Partial<Step> = {}): Step => ({
    at: when,
    verb,
    actor,
    set: { state: state as 'new' },
    ...more,
  })
  return [
    { at: at + 60_000, verb: 'assign', actor, set: { assignee_id: actor.id } },
    ...came.flatMap((reached, position): Step[] => {
      if (reached !== 'closed') {
        const when = reached === 'implement' ? begins : at + (position + 2) * 5 * 60_000
        return [step(when, VERBS[reached as keyof typeof VERBS], reached)]
      }
      return [
        step(ends, 'review', 'review'),
        {
          ...step(ends + 20 * HOUR, 'close', 'closed', { after: { outcome: told.outcome } }),
          set: { state: 'closed', closed_at: new Date(ends + 20 * HOUR) },
        },
      ]
    }),
  ]
}

function keepPlan({ load }: World, { id, at }: Opening, told: Told, begins: number, ends: number): void {
  const approved = told.type === 'normal' ? ['scheduled', 'implement', 'closed'] : ['closed']
  const begun = told.reached === 'implement' || told.reached === 'closed'
  load.add('change_plan', {
    ticket_id: id,
    type: told.type,
    risk: told.risk,
    risk_answers: {
      interrupts: told.risk !== 'low',
      untested: false,
      hard_to_undo: told.risk === 'high',
      first_time: told.risk === 'high',
      reaches_others: false,
    },
    risk_reason: null,
    implementation_plan: told.plan,
    backout_plan: told.backout,
    test_plan: null,
    planned_start: new Date(begins),
    planned_end: new Date(ends),
    service_ids: '{}',
    ci_ids: '{}',
    quiet: true,
    approved_at:
      told.type !== 'standard' && approved.includes(told.reached) ? new Date(at + 12 * 60_000) : null,
    implemented_at: begun ? new Date(begins) : null,
    ended_at: told.reached === 'closed' ? new Date(ends) : null,
    outcome: told.outcome ?? null,
  })
  if (told.type === 'standard')
    load.add('change_template', { ticket_id: id, name: told.title, kept_at: new Date(at) })
}

function keepApproval(
  { chance, load }: World,
  { id, at, actor }: Opening,
  told: Told,
  asked: Person[],
): void {
  const given = told.reached === 'closed' || told.reached === 'scheduled'
  const approvalId = chance.id(at)
  const decided = given ? new Date(at + 12 * 60_000) : null
  load.add('approval', {
    id: approvalId,
    ticket_id: id,
    rule: 'all',
    team_id: null,
    state: given ? 'approved' : 'open',
    asked_by: actor.id,
    asked_at: new Date(at + 10 * 60_000),
    decided_at: decided,
  })
  for (const person of asked)
    load.add('approver', {
      approval_id: approvalId,
      person_id: person.id,
      decision: given ? 'approved' : null,
      comment: null,
      decided_at: decided,
    })
}

function keepWindow({ chance, load }: World, opening: Opening, begins: number, ends: number): void {
  const id = chance.id(opening.at)
  load.add('maintenance', {
    id,
    kind: 'window',
    reason: opening.title,
    author_id: opening.actor.id,
    service_ids: `{${opening.service.id}}`,
    ci_ids: '{}',
    matchers: [],
    starts_at: new Date(begins),
    ends_at: new Date(ends),
    zone: 'UTC',
    until: new Date(ends),
    change_id: opening.id,
    created_at: new Date(opening.at),
    revision: 1,
  })
  load.add('maintenance_span', {
    maintenance_id: id,
    starts_at: new Date(begins),
    ends_at: new Date(ends),
    begun_at: null,
    ended_at: null,
  })
}
