import pg from 'pg'
import type { Logger } from '../process/index.ts'
import { createAlarms } from './alarms.ts'
import { fillCatalogue } from './catalogue.ts'
import { prepareWords } from './canned.ts'
import { changesHappen } from './changes.ts'
import { createChance } from './chance.ts'
import type { DeskRules } from './desk-rules.ts'
import { employeesAsk } from './employees.ts'
import { placeConfiguration, placeHistory } from './feed.ts'
import { connectMonitoring, type Doors } from './integrations.ts'
import { askFields } from './fields.ts'
import { createLoad } from './load.ts'
import { arrangeOnCall } from './on-call.ts'
import { keepGroups, type Watch } from './monitoring.ts'
import { layOutOrganisation } from './organisation.ts'
import { hirePeople } from './people.ts'
import { layOutServices } from './services.ts'
import { problemsArise } from './problems.ts'
import { majorsAreTold } from './majors.ts'
import { setTheRightHands } from './right-hands.ts'
import { openDoors, writeDemoFile } from './sign-ins.ts'
import { promiseSla } from './sla.ts'
import { nameStatuses } from './statuses.ts'
import { createTeller } from './story.ts'
import { tagSome } from './tags.ts'
import { spendTime } from './time-spent.ts'
import type { TeamKey } from './teams.ts'
import { keepViews } from './views.ts'
import { promiseVips } from './vips.ts'
import { troublesHappen } from './troubles.ts'
import { DAY, type World } from './world.ts'

export type { DeskRules } from './desk-rules.ts'

export interface DemoOptions {
  ownerUrl: string
  dataFolder: string
  appUrl: string
  ingestUrl: string
  /** Every monitoring system that has a door; each gets an integration with a key. */
  systems: Doors
  rules: DeskRules
  log: Logger
  seed?: number
}

/**
 * Invents Valdora Foods and its last two years, up to the database's now, and writes the keys to its doors into
 * `demo.json`. One transaction: a load that was cut off leaves nothing.
 */
export async function seedDemo(options: DemoOptions): Promise<void> {
  const { log, rules, systems } = options
  const client = new pg.Client({ connectionString: options.ownerUrl, application_name: 'tocsin-demo' })
  const began = performance.now()
  await client.connect()
  try {
    await client.query('begin')
    // Sorting and indexing in memory; by its defaults the server would go through files.
    await client.query(`set local work_mem = '128MB'; set local maintenance_work_mem = '128MB'`)
    const { rows } = await client.query<{ now: Date }>('select tocsin_now() as now')
    const now = rows[0]!.now.getTime()
    const chance = createChance(options.seed ?? 20_240_229)
    const world: World = { chance, load: await createLoad(client), rules, now, start: now - 730 * DAY }
    const { tickets, keys, integrations, administratorId } = await invent(world, systems)
    await world.load.finish()
    await client.query(
      `select setval('ticket_incident_seq', $1), setval('ticket_request_seq', $2),
        setval('ticket_problem_seq', $3), setval('ticket_change_seq', $4)`,
      [tickets.incident, tickets.request, tickets.problem, tickets.change],
    )
    await placeHistory(client, administratorId)
    await placeConfiguration(client)
    await writeDemoFile(options.dataFolder, options, keys, integrations)
    await client.query('commit')
    // A coarse look is enough for plans over so few rows, and takes a tenth of the time.
    await client.query('set default_statistics_target = 20; analyze')
  } finally {
    await client.end()
  }
  log.info({ ms: Math.round(performance.now() - began) }, 'the demo organisation is loaded')
}

async function invent(world: World, systems: Doors) {
  const organisation = layOutOrganisation(world)
  askFields(world, organisation)
  const people = hirePeople(world, organisation)
  const onCall = arrangeOnCall(world, people)
  const policies = Object.fromEntries(
    Object.entries(onCall.rotas).map(([team, rota]) => [team, rota.policy.id]),
  ) as Partial<Record<TeamKey, string>>
  const services = layOutServices(world, organisation, people, policies)
  const sla = promiseSla(world, services)
  const catalogue = fillCatalogue(world, organisation, services, people)
  const { integrations, watching } = connectMonitoring(world, services, systems)
  const keys = await openDoors(world, people)

  const alarms = createAlarms(world)
  const groups: Watch['groups'] = new Map()
  const daily = [
    ...employeesAsk(world, { organisation, people, services, sla, catalogue }),
    ...troublesHappen({ world, people, onCall, sla, alarms, groups }, { services, watching }),
  ].toSorted((a, b) => a.opening.at - b.opening.at)
  alarms.send()
  keepGroups(world, groups)
  // What is worked on beside, after all dice of the daily work: it stays as it was.
  const tales = [
    ...daily,
    ...problemsArise(world, { people, services }, daily),
    ...changesHappen(world, { people, services }),
  ].toSorted((a, b) => a.opening.at - b.opening.at)

  nameStatuses(world, tales)
  prepareWords(world)
  majorsAreTold(world, { people, services }, tales)
  tagSome(world, people, tales)
  spendTime(world, people, tales)
  const teller = createTeller(world, sla, organisation.brandId)
  for (const [position, { opening, steps }] of tales.entries()) {
    teller.tell(opening, steps)
    if (position % 50 === 0) await world.load.breathe()
  }
  // Last of all, so that the dice of the history fall as they did.
  setTheRightHands(world, organisation, people, sla)
  promiseVips(world, people, sla)
  keepViews(world, people)
  return { tickets: teller.told, keys, integrations, administratorId: people.faces.administrator.id }
}
