import { DOMAIN, type Organisation } from './organisation.ts'
import { TEAM_KEYS, type TeamKey, TEAMS } from './teams.ts'
import { createNameMinter, type Locale } from './words/names.ts'
import type { World } from './world.ts'

export interface Person {
  id: string
  name: string
  email: string
  locale: Locale
}

export interface Team {
  id: string
  /** Those who work its tickets, the manager not among them. */
  agents: Person[]
  /** Those on its rota; empty where nobody is called. */
  onCall: Person[]
}

export interface People {
  teams: Record<TeamKey, Team>
  employees: Person[]
  /** The five who can sign in, one for each role. */
  faces: Record<Face, Person>
}

export const FACES = ['employee', 'agent', 'on_call', 'manager', 'administrator'] as const
export type Face = (typeof FACES)[number]

const EMPLOYEES = 600
const ZONES: Record<Locale, string> = { it: 'Europe/Rome', fr: 'Europe/Paris', en: 'UTC' }

/** Everybody: employees, mostly without a sign-in, agents and those on call, managers, the administrator. */
export function hirePeople(world: World, organisation: Organisation): People {
  const { chance, load, start } = world
  const names = createNameMinter(chance, DOMAIN)
  const hire = (
    named: { name: string; email: string },
    locale: Locale,
    { zone = ZONES[locale], signsIn = false } = {},
  ): Person => {
    const person = { id: chance.id(start), ...named, locale }
    load.add('person', {
      ...person,
      zone,
      organisation_id: organisation.parts[locale],
      auth_user_id: signsIn ? person.id : null,
      created_at: new Date(start),
    })
    return person
  }
  const face = (name: string): Person => hire(names.take(name), 'en', { zone: 'Europe/Rome', signsIn: true })
  const faces = {
    employee: face('Nora Bellandi'),
    agent: face('Sam Okoro'),
    on_call: face('Irina Petrescu'),
    manager: face('Marta Ferrante'),
    administrator: face('Jonas Keller'),
  }
  const grant = (person: Person, role: string, team_id: string | null): void =>
    load.add('role_grant', { person_id: person.id, role, team_id, created_at: new Date(start) })
  grant(faces.administrator, 'administrator', null)

  const teams = Object.fromEntries(
    TEAM_KEYS.map((key) => {
      const id = chance.id(start)
      const { name, zone, rotation } = TEAMS[key]
      load.add('team', {
        id,
        name,
        email: `${key}@${DOMAIN}`,
        created_at: new Date(start),
        // They are out all day, and are asked each morning.
        stalled_after_hours: key === 'field' ? 24 : null,
      })
      const locale = zone === 'Europe/Paris' ? 'fr' : 'it'
      const agents = Array.from({ length: key === 'service-desk' ? 7 : 4 }, (_, position) =>
        hire(names.mint(position === 3 ? 'en' : locale), position === 3 ? 'en' : locale, { zone }),
      )
      if (AGENT_OF.has(key)) agents.unshift(faces.agent)
      const onCall = rotation ? agents.filter((agent) => agent !== faces.agent) : []
      if (ON_CALL_OF.has(key)) onCall.unshift(faces.on_call)
      for (const agent of agents) grant(agent, 'agent', id)
      for (const person of onCall) grant(person, 'on_call', id)
      grant(faces.manager, 'manager', id)
      return [key, { id, agents, onCall }]
    }),
  ) as People['teams']

  const employees = Array.from({ length: EMPLOYEES }, () => {
    const locale = chance.weigh<Locale>([
      ['it', 60],
      ['fr', 25],
      ['en', 15],
    ])
    return hire(names.mint(locale), locale)
  })
  return { teams, employees, faces }
}

const AGENT_OF = new Set<TeamKey>(['service-desk', 'platform', 'payments'])
const ON_CALL_OF = new Set<TeamKey>(['platform', 'payments'])
