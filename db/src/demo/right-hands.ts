import type { Organisation } from './organisation.ts'
import type { People } from './people.ts'
import type { Sla } from './sla.ts'
import type { TeamKey } from './teams.ts'
import { DAY, HOUR, type World } from './world.ts'

/** A few routing rules, and one team whose tickets are handed out, with what its people can and one of them away. */
export function setTheRightHands(
  { chance, load, start, now }: World,
  { categories }: Organisation,
  { teams, faces }: People,
  sla: Sla,
): void {
  const created_at = new Date(start)
  const skills = ['Network cabling', 'Card readers', 'French'].map((name) => {
    const id = chance.id(start)
    load.add('skill', { id, name, created_at })
    return id
  })
  const rule = (name: string, when: string, team: TeamKey, over: object = {}) => ({
    id: chance.id(start),
    name,
    enabled: true,
    when,
    team_id: teams[team].id,
    impact: null,
    urgency: null,
    skills: [],
    ...over,
  })
  const rules = [
    rule('Ransom and phishing', `"ransomware" in words || "phishing" in words`, 'security', {
      impact: 'high',
      urgency: 'high',
    }),
    rule('Doors and badges', `"badge" in words || "turnstile" in words`, 'field', {
      skills: [{ skill_id: skills[1], level: 2 }],
    }),
    rule('Cabling', `"cabling" in words || title.matches("(?i)patch panel")`, 'field'),
  ]
  load.add('routing_ruleset', {
    version: 2,
    body: { rules },
    note: 'Security and the field teams first',
    author_id: faces.administrator.id,
    effective_from: new Date(now - 40 * DAY),
    created_at: new Date(now - 40 * DAY),
  })
  // Switched off: a visitor tries them on these two years, and publishes them.
  const automation = (name: string, on: object, when: string, actions: object[]) => ({
    id: chance.id(start),
    name,
    enabled: false,
    on,
    when,
    actions,
    last: false,
  })
  const monthly = {
    kind: 'schedule',
    starts_at: '2026-01-05T08:00:00.000Z',
    zone: 'Europe/Rome',
    rrule: 'FREQ=MONTHLY;BYDAY=1MO',
  }
  load.add('automation_ruleset', {
    version: 2,
    body: {
      rules: [
        automation(
          'Major trouble is noted for the desk',
          { kind: 'activity', verbs: ['open'] },
          `priority == "P1"`,
          [
            { do: 'tag', names: ['war-room'] },
            { do: 'note', text: '{{number}} is {{priority}}: tell {{service}} on the status page.' },
          ],
        ),
        automation(
          'Badge readers are cleaned on the first Monday',
          {
            ...monthly,
            opens: {
              kind: 'request',
              title: 'Clean the badge readers, {{date}}',
              text: 'Ground floor first.',
              impact: 'low',
              urgency: 'low',
              service_id: null,
              category_id: null,
              team_id: teams.field.id,
              requester_id: null,
            },
          },
          'true',
          [{ do: 'tag', names: ['upkeep'] }],
        ),
        automation(
          'A change begins in two hours',
          { kind: 'before', date: 'planned_start', field: null, minutes: 120 },
          `kind == "change"`,
          [{ do: 'note', text: '{{number}} begins in two hours. Is everything ready?' }],
        ),
        automation(
          'Nobody answered for three days',
          { kind: 'unchanged', minutes: 4320, states: ['pending'] },
          `pending_reason == "requester"`,
          [{ do: 'reply', text: 'We still wait for your answer about “{{title}}”. Is it solved?' }],
        ),
      ],
    },
    note: 'Four to begin with, switched off',
    author_id: faces.administrator.id,
    effective_from: new Date(now - 20 * DAY),
    created_at: new Date(now - 20 * DAY),
  })
  const [first, second, third, fourth] = teams.field.agents
  load.add('team_assignment', {
    team_id: teams.field.id,
    mode: 'least_loaded',
    works_by: 'calendar',
    calendar_id: sla.office.id,
    cap: 12,
    hand_back: true,
  })
  load.add(
    'person_skill',
    { person_id: first!.id, skill_id: skills[0], level: 5 },
    { person_id: first!.id, skill_id: skills[1], level: 3 },
    { person_id: second!.id, skill_id: skills[0], level: 2 },
    { person_id: third!.id, skill_id: skills[1], level: 4 },
    { person_id: fourth!.id, skill_id: skills[2], level: 5 },
  )
  load.add('team_member', { team_id: teams.field.id, person_id: fourth!.id, exempt: true })
  load.add('skill_need', {
    id: chance.id(start),
    skill_id: skills[0],
    category_id: categories.network,
    level: 1,
  })
  load.add('absence', {
    id: chance.id(start),
    person_id: second!.id,
    starts_at: new Date(now - 26 * HOUR),
    ends_at: new Date(now + 5 * DAY),
    reason: 'Holidays',
    author_id: second!.id,
    created_at: new Date(now - 9 * DAY),
  })
}
