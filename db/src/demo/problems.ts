import type { Tale } from './employees.ts'
import type { People } from './people.ts'
import type { Service, Services } from './services.ts'
import type { Actor, Columns, Opening, Step } from './story.ts'
import type { ServiceKey } from './words/services.ts'
import { DAY, HOUR, MINUTE, type World } from './world.ts'

interface Told {
  service: ServiceKey
  /** What recurs; its last incidents are linked. */
  symptom: string
  title: string
  /** Days ago: opened, its cause found, resolved, closed. */
  ago: { opened: number; found?: number; resolved?: number; closed?: number }
  rootCause?: string
  workaround?: string
  known?: boolean
}

const TOLD: Told[] = [
  {
    service: 'payments',
    symptom: 'ProviderTimeouts',
    title: 'Payments time out after release 4.8',
    ago: { opened: 201, found: 196, resolved: 187, closed: 171 },
    rootCause: 'Release 4.8 holds a connection to the provider for the whole checkout, so the pool runs dry.',
    workaround: 'Restart the payment workers one by one: the pool is free again for about six hours.',
    known: true,
  },
  {
    service: 'databases',
    symptom: 'DiskNearlyFull',
    title: 'The archive of the ERP’s database fills its disk every Sunday night',
    ago: { opened: 26, found: 9 },
    rootCause: 'The weekly export keeps its temporary files when the archive job starts before it has ended.',
    workaround: 'Remove `/var/lib/postgresql/export/*.tmp` older than a day, then run the archive job again.',
    known: true,
  },
  {
    service: 'wifi',
    symptom: 'AccessPointDown',
    title: 'Access points drop off after the controller’s update',
    ago: { opened: 6 },
    workaround: 'Power the access point off and on at the switch’s port.',
    known: true,
  },
  {
    service: 'vpn',
    symptom: 'VpnPoolNearlyFull',
    title: 'The address pool of the VPN runs out on Monday mornings',
    ago: { opened: 2 },
  },
]
const LINKED = 8

/** Problems behind what recurs, with their incidents; two of them are known errors that are still open. */
export function problemsArise(
  world: World,
  { people, services }: { people: People; services: Services },
  tales: readonly Tale[],
): Tale[] {
  return TOLD.map((told) => {
    const service = services[told.service]
    const opening = problemOpening(world, people, service, told)
    const incidents = tales
      .filter(({ opening: one }) => one.service === service && one.symptomKey === told.symptom)
      .filter(({ opening: one }) => told.ago.closed === undefined || one.at < opening.at)
      .slice(-LINKED)
    keepDetails(world, opening, told)
    for (const { opening: incident } of incidents)
      world.load.add('ticket_link', {
        from_id: incident.id,
        to_id: opening.id,
        kind: 'caused_by',
        author_id: opening.actor.id,
        created_at: new Date(opening.at),
        removed_at: null,
      })
    return { opening, steps: stepsOf(world, opening.actor, told, service, people) }
  })
}

function problemOpening({ chance, now }: World, people: People, service: Service, told: Told): Opening {
  const at = now - told.ago.opened * DAY + chance.between(0, 90) * MINUTE
  return {
    id: chance.id(at),
    at,
    kind: 'problem',
    title: told.title,
    description: '',
    impact: 'medium',
    urgency: told.ago.found ? 'high' : 'medium',
    service,
    categoryId: service.categoryId,
    symptomKey: told.symptom,
    language: 'en',
    channel: 'desk',
    actor: { kind: 'person', id: people.faces.manager.id },
  }
}

function keepDetails({ load, now }: World, { id, at }: Opening, { rootCause, workaround, known, ago }: Told) {
  const since = known ? new Date(at + 3 * HOUR) : null
  load.add('problem', {
    ticket_id: id,
    root_cause: rootCause ?? null,
    workaround: workaround ?? null,
    known_error_at: since,
    published_at: ago.closed === undefined ? since : null,
    quiet_days: null,
  })
  if (since && +since > now) throw new Error('a known error lies in the future')
}

function stepsOf({ now }: World, manager: Actor, { ago }: Told, { team }: Service, people: People): Step[] {
  const agent = people.teams[team].agents[0]!
  const actor = { kind: 'person' as const, id: agent.id }
  const at = (days: number) => now - days * DAY
  const step = (when: number, verb: string, set: Partial<Columns>, by: Actor = actor): Step => ({
    at: when,
    verb,
    actor: by,
    set,
    visibility: 'public',
  })
  return [
    { at: at(ago.opened) + 2 * HOUR, verb: 'assign', actor: manager, set: { assignee_id: agent.id } },
    step(at(ago.opened) + 2.5 * HOUR, 'start', { state: 'in_progress' }),
    ...(ago.found === undefined ? [] : [step(at(ago.found), 'fix', { state: 'fixing' })]),
    ...(ago.resolved === undefined
      ? []
      : [
          step(at(ago.resolved), 'resolve', {
            state: 'resolved',
            resolved_at: new Date(at(ago.resolved)),
            resolution_code: 'fixed',
          }),
        ]),
    ...(ago.closed === undefined
      ? []
      : [step(at(ago.closed), 'close', { state: 'closed', closed_at: new Date(at(ago.closed)) }, manager)]),
  ]
}
