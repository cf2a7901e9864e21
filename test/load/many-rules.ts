import { randomUUID } from 'node:crypto'
import type { Db } from '@tocsin/db'
import { NO_RULES, publishRuleset, type Rule, SYSTEM, transact } from '@tocsin/desk'
import type { TestDoor } from '../harness/door.ts'

/** Hosts that the events are about. */
export const HOSTS = 10_000
const A_BODY = 200

/** Rules of which each asks for a team of its own; `anEvent` of half the keys meets one. */
export const manyRules = (count: number): Rule[] =>
  Array.from({ length: count }, (_, index) => ({
    id: randomUUID(),
    name: `Rule ${index}`,
    enabled: true,
    when: `labels.team == "team-${index}" && severity in ["critical", "error"] && !title.startsWith("Test")`,
    group_by: ['labels.cluster', 'labels.alertname'],
    window_minutes: 60,
    opens: 'incident',
    confirm: false,
    impact: null,
    urgency: null,
    service_id: null,
    team_id: null,
    escalation_policy_id: null,
    resolve_on: 'all',
    patience: null,
  }))

export const publish = (db: Db, rules: Rule[]) =>
  transact(db, SYSTEM, (tx) => publishRuleset(tx, { base: NO_RULES.version, rules, beside: NO_RULES.beside }))

export const anEvent = (key: number, rules: number, kind: 'trigger' | 'resolve' = 'trigger') => ({
  kind,
  dedup_key: `alert-${key}`,
  title: `Check ${key % 50} fails`,
  severity: 'error',
  host: `node-${key % HOSTS}`,
  labels: { team: `team-${key % (rules * 2)}`, cluster: `c${key % 100}`, alertname: `Check${key % 50}` },
})

/** Sends `count` events, of which `event` makes the nth. */
export async function sendEvents(
  door: TestDoor,
  key: string,
  count: number,
  event: (n: number) => ReturnType<typeof anEvent>,
): Promise<void> {
  for (let sent = 0; sent < count; sent += A_BODY) {
    const events = Array.from({ length: Math.min(A_BODY, count - sent) }, (_, n) => event(sent + n))
    const answer = await door.send(`/v1/events/${key}`, { events })
    if (!answer.ok) throw new Error(`the door answered ${answer.status}`)
  }
}
