import type { Organisation } from './organisation.ts'
import type { People } from './people.ts'
import { arrivals, AT_WORK } from './seasons.ts'
import type { Services } from './services.ts'
import type { Sla } from './sla.ts'
import { type Opening, priorityOf, type Step } from './story.ts'
import { FAULTS } from './words/faults.ts'
import { ITEMS } from './words/requests.ts'
import { DAY, HOUR, type World } from './world.ts'
import { handle } from './working.ts'

export interface Tale {
  opening: Opening
  steps: Step[]
}

interface Company {
  organisation: Organisation
  people: People
  services: Services
  sla: Sla
  catalogue: Map<string, string>
}

/** What the employees bring to the desk: requests from the catalogue, and faults in their own words. */
export function employeesAsk(world: World, company: Company): Tale[] {
  const off = new Set(company.sla.office.holidays.map(({ date }) => date))
  const requests = arrivals(world, AT_WORK, 19, off).map((at) => tellRequest(world, company, at))
  const faults = arrivals(world, AT_WORK, 8.4, off).map((at) => tellFault(world, company, at))
  return [...requests, ...faults]
}

const REQUESTS = ITEMS.filter((item) => item.kind === 'request').map((item) => [item, item.weight] as const)
const FAULT_WEIGHTS = FAULTS.map((fault) => [fault, fault.weight] as const)

function tellRequest(
  world: World,
  { organisation, people, services, sla, catalogue }: Company,
  at: number,
): Tale {
  const { chance } = world
  const item = chance.weigh(REQUESTS)
  const requester = who(world, people, at)
  const service = services[item.service]
  // Passwords go to the service desk, whoever runs the directory.
  const team = item.takes < 8 ? people.teams['service-desk'] : people.teams[service.team]
  const thing = chance.pick(item.things)
  const urgency = chance.happens(0.08) ? 'high' : item.urgency
  const { response } = sla.promised('request', service.id, priorityOf(item.impact, urgency))
  return {
    opening: {
      id: chance.id(at),
      at,
      kind: 'request',
      impact: item.impact,
      urgency,
      title: item.titles[requester.locale].replace('{}', thing),
      description: chance.happens(0.5) ? item.description[requester.locale] : '',
      service: { ...service, teamId: team.id },
      categoryId: organisation.categories[item.category],
      language: requester.locale,
      fields: {
        [item.fields[0]!.key]: item.fields[0]!.options ? chance.pick(item.fields[0]!.options).value : thing,
      },
      catalogueItemId: catalogue.get(item.key),
      requesterId: requester.id,
      organisationId: organisation.parts[requester.locale],
      channel: chance.weigh([
        ['portal', 78],
        ['email', 14],
        ['desk', 8],
      ]),
      actor: { kind: 'person', id: requester.id },
    },
    steps: handle(world, sla, {
      kind: 'request',
      openedAt: at,
      requester,
      agent: chance.pick(team.agents),
      answersIn: chance.around(response * 0.24 * learning(world, at), 0.95),
      takes: item.takes * HOUR * learning(world, at),
    }),
  }
}

function tellFault(
  world: World,
  { organisation, people, services, sla, catalogue }: Company,
  at: number,
): Tale {
  const { chance } = world
  const fault = chance.weigh(FAULT_WEIGHTS)
  const requester = who(world, people, at)
  const service = services[fault.service]
  const channel = chance.weigh<Opening['channel']>([
    ['portal', 55],
    ['email', 20],
    ['desk', 25],
  ])
  const team = people.teams[service.team]
  const { response } = sla.promised('incident', service.id, priorityOf(fault.impact, fault.urgency))
  return {
    opening: {
      id: chance.id(at),
      at,
      kind: 'incident',
      impact: fault.impact,
      urgency: fault.urgency,
      service,
      channel,
      title: fault.title[requester.locale],
      description: fault.words[requester.locale],
      categoryId: service.categoryId,
      language: requester.locale,
      catalogueItemId: channel === 'portal' ? catalogue.get('broken') : null,
      requesterId: requester.id,
      organisationId: organisation.parts[requester.locale],
      actor: { kind: 'person', id: requester.id },
    },
    steps: handle(world, sla, {
      kind: 'incident',
      openedAt: at,
      requester,
      agent: chance.pick(team.agents),
      answersIn: chance.around(response * 0.22 * learning(world, at), 0.95),
      takes: fault.takes * HOUR * learning(world, at),
    }),
  }
}

/** The desk gets better: what took it six parts of an hour two years ago takes five now. */
const learning = ({ start, now }: World, at: number): number => 1.15 - (0.3 * (at - start)) / (now - start)

/** Anybody; now and then the one whom we follow through the portal. */
function who({ chance, now }: World, { employees, faces }: People, at: number) {
  const often = now - at < 40 * DAY ? 0.012 : 0.002
  return chance.happens(often) ? faces.employee : chance.pick(employees)
}
