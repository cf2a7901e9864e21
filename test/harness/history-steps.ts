import type { Beside, Rule } from '@tocsin/desk'
import { NO_RULES } from '@tocsin/desk'
import fc from 'fast-check'
import type { z } from 'zod'

/** What may happen in a random history of a desk, step by step. */

const patience = { hold_seconds: 0, threshold: null, flapping: { low: 20, high: 30 }, expire_minutes: null }
export const PATIENCES = [
  { ...patience, hold_seconds: 30, expire_minutes: 10 },
  { ...patience, threshold: { count: 2, minutes: 5 } },
  patience,
]

export const RULE_SETS: Partial<Rule>[][] = [
  [],
  [{ group_by: ['host'], window_minutes: 5, resolve_on: 'last' }],
  [
    { group_by: ['labels.alertname'], most_per_hour: 2 },
    { when: 'severity == "info"', opens: 'nothing' },
  ],
  [
    { when: 'host == "h0"', confirm: true, group_by: ['host'] },
    { group_by: ['dedup_key'], resolve_on: 'first' },
  ],
  [{ patience: { ...patience, hold_seconds: 60 }, group_by: ['integration'] }],
  [{ when: 'severity == "warning"', opens: 'request', group_by: ['service'], resolve_on: 'never' }],
  [{ when: 'hour < 12', group_by: ['service'], resolve_on: 'all' }, { group_by: ['host', 'severity'] }],
]

export const BESIDES: z.infer<typeof Beside>[] = [
  NO_RULES.beside,
  { ...NO_RULES.beside, storm: { on: true, openings: 4, window_minutes: 10 } },
  {
    same_ci: { on: false, window_minutes: 15 },
    service_map: { on: false, window_minutes: 15 },
    storm: NO_RULES.beside.storm,
  },
  { ...NO_RULES.beside, service_map: { on: true, window_minutes: 2 } },
]

export const PEOPLE_DO = [
  'acknowledge',
  'acknowledge-alert',
  'take',
  'pend',
  'resume',
  'snooze',
  'unsnooze',
  'detach',
  'split',
  'merge',
  'unmerge',
  'accept',
  'decline',
  'resolve',
  'reopen',
  'cancel',
  'close',
  'page',
  'report',
  'silence',
  'plan-window',
  'plan-recurring',
  'end-window',
  'change-window',
] as const

export const CONFIGURED = [
  'patience',
  'map',
  'item',
  'service',
  'severity',
  'source-policy',
  'source-service',
  'hold',
  'zone',
  'override',
  'policy',
  'person',
  'duty',
  'shadow',
] as const

/** What a decision reads at one snapshot, and so may change while it is made. */
export const RACED = [
  'patience',
  'severity',
  'service',
  'source-policy',
  'hold',
  'zone',
  'shadow',
] satisfies (typeof CONFIGURED)[number][]

const event = fc.record({
  kind: fc.constantFrom('trigger', 'trigger', 'trigger', 'resolve', 'resolve', 'acknowledge'),
  key: fc.nat(5),
  severity: fc.constantFrom('critical', 'error', 'warning', 'info'),
  host: fc.constantFrom('h0', 'h1', 'h2'),
  // Minutes ago that its opening began, as its sender says; most say nothing.
  began: fc.constantFrom(null, null, null, 0, 1, 3),
})
export type Said = typeof event extends fc.Arbitrary<infer T> ? T : never
const events = fc.array(event, { minLength: 1, maxLength: 6 })
const step = <T extends string>(does: T) => fc.constant(does)
const pick = fc.nat(1_000)

/** `still`: no engine works for so many steps. `race`: two do all at the same time, the doors too. */
export const aStep = fc.oneof(
  { weight: 8, arbitrary: fc.record({ do: step('say'), source: fc.nat(2), events }) },
  { weight: 3, arbitrary: fc.record({ do: step('race'), first: events, second: events, pick }) },
  {
    weight: 4,
    arbitrary: fc.record({ do: step('pass'), seconds: fc.constantFrom(1, 16, 61, 130, 400, 1_300, 7_300) }),
  },
  { weight: 1, arbitrary: fc.record({ do: step('still'), steps: fc.integer({ min: 1, max: 4 }) }) },
  {
    weight: 1,
    arbitrary: fc.record({
      do: step('publish'),
      rules: fc.nat(RULE_SETS.length - 1),
      beside: fc.nat(BESIDES.length - 1),
    }),
  },
  { weight: 6, arbitrary: fc.record({ do: step('act'), what: fc.constantFrom(...PEOPLE_DO), pick }) },
  { weight: 2, arbitrary: fc.record({ do: step('configure'), what: fc.constantFrom(...CONFIGURED), pick }) },
)
export type Step = typeof aStep extends fc.Arbitrary<infer T> ? T : never
