import { sql } from 'kysely'
import { recordOnTickets, type Tx } from '../activity/index.ts'
import { tellOfThing } from '../notify/index.ts'
import { type Decided, decideRules, type Happening } from './decide.ts'
import { inTurns } from './in-turns.ts'
import { AUTOMATION, type AutomationRules, compileAutomation, latestAutomation } from './rules.ts'

/** The rules in force, ready to decide. */
export async function automationInForce(db: Tx['db']): Promise<AutomationRules> {
  const version = await AUTOMATION.newest(db)
  return latestAutomation(db, version, async () => compileAutomation(await AUTOMATION.read(db, version)))
}

/** Something that happened to a ticket, for which each rule may act once. */
export interface Occasion extends Happening {
  ticketId: string
  activityId: string | null
  /** What makes it one: the line, or since when the ticket is unchanged. */
  occasion: string
}

/**
 * Decides about occasions in their order and keeps what follows: a firing to be carried out, or one that was cut and
 * why. The key (rule, occasion) keeps each single, whoever decides and however often. Answers how many are new.
 */
export async function fire(tx: Tx, rules: AutomationRules, occasions: Occasion[]): Promise<number> {
  if (occasions.length === 0 || rules.live.length === 0) return 0
  const counts = await countLately(tx, [...new Set(occasions.map(({ ticketId }) => ticketId))])
  const given: (Decided & { one: Occasion })[] = []
  for await (const one of inTurns(occasions)) {
    const key = (rule: string) => `${one.ticketId} ${rule}`
    const decided = decideRules(rules, one, (rule) => counts.get(key(rule)) ?? 0)
    for (const { rule, cut } of decided) if (!cut) counts.set(key(rule), (counts.get(key(rule)) ?? 0) + 1)
    given.push(...decided.map((firing) => ({ ...firing, one })))
  }
  const kept = await keep(tx, rules.version, given)
  await reportCuts(
    tx,
    rules.version,
    kept.filter(({ reason }) => reason !== null),
  )
  if (kept.length > 0) await sql`select pg_notify('due', 'automation')`.execute(tx.db)
  return kept.length
}

async function countLately(tx: Tx, tickets: string[]): Promise<Map<string, number>> {
  const { rows } = await sql<{ ticket_id: string; rule: string; count: number }>`
    select ticket_id, rule, count(*)::int as count from automation_firing
    where ticket_id = any(${tickets}::uuid[]) and state <> 'cut'
      and created_at > ${tx.now}::timestamptz(3) - interval '1 hour'
    group by ticket_id, rule`.execute(tx.db)
  return new Map(rows.map(({ ticket_id, rule, count }) => [`${ticket_id} ${rule}`, count]))
}

interface Kept {
  id: string
  rule: string
  ticket_id: string
  chain: string[]
  reason: string | null
}

async function keep(tx: Tx, version: number, given: (Decided & { one: Occasion })[]): Promise<Kept[]> {
  const rows = given.map(({ one, ...decided }, position) => ({
    position,
    rule: decided.rule,
    place: decided.place,
    kind: decided.kind,
    occasion: one.occasion,
    ticket_id: one.ticketId,
    activity_id: one.activityId,
    chain: one.chain,
    matched: decided.matched,
    reason: decided.cut,
  }))
  const { rows: kept } = await sql<Kept>`
    insert into automation_firing (rule, version, place, kind, occasion, ticket_id, activity_id, chain, matched, state, reason,
                                   due_at, created_at, ended_at)
    select g.rule, ${version}, g.place, g.kind, g.occasion, g.ticket_id, g.activity_id, g.chain, g.matched,
      case when g.reason is null then 'waiting' else 'cut' end, g.reason, ${tx.now}, ${tx.now},
      case when g.reason is not null then ${tx.now}::timestamptz(3) end
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as g(position int, rule uuid, place int, kind text, occasion text,
      ticket_id uuid, activity_id uuid, chain uuid[], matched jsonb, reason text)
    order by g.position
    on conflict (rule, occasion) do nothing returning id, rule, ticket_id, chain, reason`.execute(tx.db)
  return kept
}

/** A cut stands on the ticket's timeline; whoever published the rules is told once a day of each rule. */
async function reportCuts(tx: Tx, version: number, cuts: Kept[]): Promise<void> {
  if (cuts.length === 0) return
  const lines = await recordOnTickets(
    tx,
    cuts.map(({ id, rule, ticket_id, chain, reason }) => ({
      ticketId: ticket_id,
      verb: 'cut',
      subject: { kind: 'automation', id: rule },
      actor: { kind: 'rule' as const, id: rule },
      after: { reason, version },
      cause: { kind: 'automation', id, rule, version, chain },
    })),
  )
  const { rows: told } = await sql<{ rule: string }>`
    select distinct rule from automation_firing where rule = any(${cuts.map(({ rule }) => rule)}::uuid[]) and state = 'cut'
      and id <> all(${cuts.map(({ id }) => id)}::uuid[]) and created_at > ${tx.now}::timestamptz(3) - interval '1 day'`.execute(
    tx.db,
  )
  const known = new Set(told.map(({ rule }) => rule))
  const { author } = await AUTOMATION.published(tx.db, version)
  for (const [place, { rule }] of cuts.entries()) {
    if (known.has(rule)) continue
    known.add(rule)
    await tellOfThing(tx, { template: 'rule-cut', activityId: lines[place]!, personId: author?.id ?? null })
  }
}
